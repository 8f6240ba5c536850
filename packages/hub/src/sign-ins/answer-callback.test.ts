import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  comeBack,
  createConnectionHub,
  makeConnection,
  openSignIn,
  type SignInVisit,
  showConnection,
} from '../connections/testing/create-connection-hub.ts';
import { authorizationCode, clientSecret, tenantId } from '../connections/testing/scripted-microsoft.ts';

let hub: ConnectionHub;
let connectionId: string;

beforeEach(async () => {
  hub = await createConnectionHub();
  connectionId = (await makeConnection(hub, { method: 'sign_in', clientSecret })).id;
});
afterEach(() => hub.close());

const pageOfConnection = () => `http://localhost:4480/connections/${connectionId}`;
const statusOf = async () => (await showConnection(hub, connectionId)).status;
const stateOf = ({ authorizeUrl }: SignInVisit) => authorizeUrl.searchParams.get('state') ?? '';

/** Comes back with a query written out, since a record can't repeat a name. */
function comeBackBy({ cookie }: SignInVisit, query: string) {
  return hub.app.inject({ url: `/oauth/callback?${query}`, headers: { cookie } });
}

describe('the callback ignores what it does not know (RFC 6749 §4.1.2)', () => {
  it.each([
    ['an id_token', 'id_token=x'],
    ['a token', 'token=x'],
    ['a JARM answer', 'response=x'],
    ['session_state twice', 'session_state=1&session_state=2'],
    ['a made-up one', '%00=%ff&__proto__=x&constructor=y'],
    ['an empty iss', 'iss='],
  ])('with %s', async (_case, extra) => {
    const visit = await openSignIn(hub, connectionId);
    const answer = await comeBackBy(visit, `code=${authorizationCode}&state=${stateOf(visit)}&${extra}`);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${pageOfConnection()}?signed-in=1`]);
    expect((await statusOf()).state).toBe('ready');
  });
});

describe('the callback compares iss where it is sent (RFC 9207)', () => {
  it.each([
    ['v2', () => `${hub.microsoft.entra.origin}/${tenantId}/v2.0`],
    ['v1', () => `https://sts.windows.net/${tenantId}/`],
    ['a document for more than one tenant', () => `${hub.microsoft.entra.origin}/{tenantid}/v2.0`],
  ])('takes the issuer of %s', async (_case, iss) => {
    const answer = await comeBack(hub, await openSignIn(hub, connectionId), {
      code: authorizationCode,
      iss: iss(),
    });
    expect(answer.headers.location).toBe(`${pageOfConnection()}?signed-in=1`);
  });

  it.each([
    { code: authorizationCode },
    { error: 'access_denied', error_description: 'Words of a stranger.' },
  ])('sends no code on that came with another one’s, and says so on the connection’s page', async (query) => {
    const answer = await comeBack(hub, await openSignIn(hub, connectionId), {
      ...query,
      iss: 'https://login.example/words',
    });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, pageOfConnection()]);
    const status = await statusOf();
    expect(status).toMatchObject({ state: 'needs_sign_in', failure: { code: 'callback_other_issuer' } });
    expect(JSON.stringify(status)).not.toMatch(/login\.example|stranger/);
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });
});

describe('the callback refuses a parameter that comes twice', () => {
  it.each(['code', 'state', 'iss', 'error', 'error_description', 'error_subcode', 'claims'])(
    'as %s does, and the state can still be used',
    async (name) => {
      const visit = await openSignIn(hub, connectionId);
      const whole = `code=${authorizationCode}&state=${stateOf(visit)}`;
      const repeated = name === 'code' || name === 'state' ? `${name}=again` : `${name}=1&${name}=2`;
      const page = await comeBackBy(visit, `${whole}&${repeated}`);
      expect([page.statusCode, page.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
      expect(page.body).toContain('callback_repeats_parameter');
      expect(page.body).toContain(`has &quot;${name}&quot; more than once`);
      expect(hub.microsoft.tokenRequests()).toHaveLength(0);
      expect((await comeBackBy(visit, whole)).statusCode).toBe(303);
    },
  );
});

it.each(['state=foreign&', ''])(
  'shows nothing of an address with "%s" in place of a valid state',
  async (state) => {
    const visit = await openSignIn(hub, connectionId);
    const words = 'AADSTS65004%3A%20Call%20555-0100%20now';
    const query = `${state}error=access_denied&error_description=${words}&error_uri=${words}`;
    for (const accept of ['text/html', 'application/json']) {
      const answer = await hub.app.inject({
        url: `/oauth/callback?${query}`,
        headers: { cookie: visit.cookie, accept },
      });
      expect(answer.statusCode).toBeLessThan(500);
      expect(answer.body).not.toMatch(/555|Microsoft says/);
    }
  },
);

it('takes an empty code for none', async () => {
  await comeBack(hub, await openSignIn(hub, connectionId), { code: '' });
  expect((await statusOf()).failure).toMatchObject({
    code: 'sign_in_declined',
    detail: 'Microsoft sent back neither a code nor an error.',
  });
  expect(hub.microsoft.tokenRequests()).toHaveLength(0);
});

it('answers no nonsense with a fault of its own, and can show the connection after all of it', async () => {
  const first = await openSignIn(hub, connectionId);
  const name = fc.oneof(
    fc.constantFrom('code', 'state', 'iss', 'error', 'error_description', 'error_subcode', 'claims'),
    fc.constantFrom('id_token', 'response', 'token', 'session_state', '__proto__'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const value = fc.oneof(
    fc.constantFrom(
      '',
      '%',
      '%00',
      '%ff',
      '%ED%A0%80',
      'access_denied',
      'AADSTS999999999999',
      authorizationCode,
    ),
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.webUrl().map(encodeURIComponent),
  );
  const parameter = fc
    .tuple(name, value)
    .map(([key, text]) => `${encodeURIComponent(key.toWellFormed())}=${text}`);
  const query = fc.tuple(
    fc.array(parameter, { maxLength: 6 }),
    fc.boolean(),
    fc.constantFrom('/', '/oauth/callback'),
  );
  await fc.assert(
    fc.asyncProperty(query, async ([parameters, isStarted, path]) => {
      const visit = isStarted ? await openSignIn(hub, connectionId) : first;
      const all = isStarted ? [`state=${stateOf(visit)}`, ...parameters] : parameters;
      const answer = await hub.app.inject({
        url: `${path}?${all.join('&')}`,
        headers: { cookie: visit.cookie },
      });
      expect(answer.statusCode).not.toBe(500);
      const shown = await hub.inject({ method: 'GET', url: '/api/v1/connections' });
      expect(shown.statusCode).toBe(200);
    }),
    { numRuns: 60 },
  );
});
