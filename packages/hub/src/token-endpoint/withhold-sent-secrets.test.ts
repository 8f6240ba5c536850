import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ConnectionHub,
  comeBack,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  openSignIn,
  showConnection,
} from '../connections/testing/create-connection-hub.ts';
import { authorizationCode, clientSecret } from '../connections/testing/scripted-microsoft.ts';
import type { ReceivedRequest, ScriptedAnswer } from '../connections/testing/scripted-server.ts';
import { HubError } from '../errors/hub-error.ts';
import { withholdSentSecrets } from './withhold-sent-secrets.ts';

let hub: ConnectionHub;

beforeEach(async () => {
  hub = await createConnectionHub();
});
afterEach(() => hub.close());

/** What a server that is set to debug may answer: the request as it came, and as it was understood. */
function repeatRequest({ form }: ReceivedRequest): ScriptedAnswer {
  const understood = JSON.stringify(Object.fromEntries(form));
  const description = `Refused: ${form.toString()} that is ${understood}`;
  return {
    status: 400,
    body: { error: 'invalid_request', error_description: description, trace_id: form.get('client_secret') },
  };
}

function spellings(secret: string): string[] {
  return [secret, new URLSearchParams({ secret }).toString().replace('secret=', '')];
}

it('keeps and shows a refusal of a refresh that repeats the request without its secrets', async () => {
  const { id } = await makeManualConnection(hub);
  hub.microsoft.entra.fail('/token', repeatRequest);
  const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
  const { status } = await showConnection(hub, id);
  const row = await hub.context.store.db.selectFrom('connections').selectAll().executeTakeFirstOrThrow();
  expect(status.failure?.remote?.message).toContain('Refused: ');
  expect(status.failure?.remote).toMatchObject({ oauthError: 'invalid_request', traceId: '…' });
  for (const text of [answer.body, JSON.stringify(status), JSON.stringify(row), hub.logLines.join('')]) {
    for (const secret of [clientSecret, 'first-refresh-token'].flatMap(spellings)) {
      expect(text).not.toContain(secret);
    }
  }
});

it('shows a refusal of a sign-in that repeats the request without the code and its verifier', async () => {
  const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
  const visit = await openSignIn(hub, id);
  hub.microsoft.entra.fail('/token', repeatRequest);
  const answer = await comeBack(hub, visit, { code: authorizationCode });
  const shown = answer.body + JSON.stringify(await showConnection(hub, id));
  const [request] = hub.microsoft.tokenRequests();
  const verifier = request?.form.get('code_verifier') ?? '';
  expect(verifier).not.toBe('');
  for (const secret of [clientSecret, authorizationCode, verifier].flatMap(spellings)) {
    expect(shown).not.toContain(secret);
  }
});

it.each(['client_secret', 'code', 'code_verifier', 'device_code', 'refresh_token'])(
  'takes out %s as it is, as forms and as addresses write it, wherever the failure has it',
  (name) => {
    const secret = 'a b/c+d=~';
    const written = `${secret}|a+b%2Fc%2Bd%3D%7E|a%20b%2Fc%2Bd%3D~`;
    const remote = {
      system: 'entra',
      code: 'AADSTS7000215',
      oauthError: `1${written}`,
      message: `2${written}`,
      httpStatus: 400,
      traceId: `3${written}`,
      correlationId: `4${written}`,
      timestamp: `5${written}`,
      helpLink: 'https://login.example/error?code=7000215',
    } as const;
    const failure = new HubError('client_secret_wrong', { detail: `0${written}`, remote });
    const { code, message, options } = withholdSentSecrets(failure, new URLSearchParams([[name, secret]]));
    expect([code, message]).toEqual(['client_secret_wrong', '0…|…|…']);
    expect(options.remote).toEqual({
      ...remote,
      oauthError: '1…|…|…',
      message: '2…|…|…',
      traceId: '3…|…|…',
      correlationId: '4…|…|…',
      timestamp: '5…|…|…',
    });
  },
);

it('takes out a parameter that was sent twice, both times', () => {
  const failure = new HubError('token_request_refused', { detail: 'code-one and code-two' });
  const sent = new URLSearchParams([
    ['code', 'code-one'],
    ['code', 'code-two'],
  ]);
  expect(withholdSentSecrets(failure, sent).message).toBe('… and …');
});

it('invents no words of the server where it said none', () => {
  const remote = {
    system: 'network',
    code: null,
    oauthError: null,
    message: 'abcdefgh',
    httpStatus: null,
    traceId: null,
    correlationId: null,
    timestamp: null,
    helpLink: null,
  } as const;
  const sent = new URLSearchParams({ code: 'abcdefgh' });
  const withRemote = new HubError('token_request_refused', { detail: 'abcdefgh', remote });
  expect(withholdSentSecrets(withRemote, sent).options.remote).toEqual({ ...remote, message: '…' });
  const without = new HubError('token_request_refused', { detail: 'abcdefgh' });
  expect(withholdSentSecrets(without, sent).options.remote).toBeUndefined();
});

it.each([
  { code: 'abcdefgh', client_secret: 'abcdefghij', refresh_token: '' },
  { code: 'abcdefghij', client_secret: 'abcdefgh', refresh_token: '' },
])('leaves nothing of a secret that contains another: %o', (parameters) => {
  const failure = new HubError('token_request_refused', { detail: 'abcdefgh and abcdefghij' });
  const sent = new URLSearchParams(parameters);
  expect(withholdSentSecrets(failure, sent).message).toBe('… and …');
});

it('leaves what is no secret', () => {
  const failure = new HubError('token_request_refused', { detail: 'No application app in contoso.' });
  const sent = new URLSearchParams({ client_id: 'app', scope: 'contoso', code: '0.AX' });
  expect(withholdSentSecrets(failure, sent).message).toBe('No application app in contoso.');
});

it('leaves the words whole when what was sent is too short to be a secret', () => {
  const failure = new HubError('token_request_refused', { detail: 'The refresh token has expired.' });
  const sent = new URLSearchParams({ refresh_token: 'r', code: 'expired', client_secret: '' });
  expect(withholdSentSecrets(failure, sent).message).toBe('The refresh token has expired.');
});
