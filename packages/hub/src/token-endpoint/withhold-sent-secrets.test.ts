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

it('leaves nothing of a secret that contains another', () => {
  const failure = new HubError('token_request_refused', { detail: 'abc and abcdef' });
  const sent = new URLSearchParams({ code: 'abc', client_secret: 'abcdef', refresh_token: '' });
  expect(withholdSentSecrets(failure, sent).message).toBe('… and …');
});

it('leaves what is no secret', () => {
  const failure = new HubError('token_request_refused', { detail: 'No application app in contoso.' });
  const sent = new URLSearchParams({ client_id: 'app', scope: 'contoso', code: '0.AX' });
  expect(withholdSentSecrets(failure, sent).message).toBe('No application app in contoso.');
});
