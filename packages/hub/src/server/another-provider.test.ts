import type { Connection, ConnectionTest, EnvironmentAddress, Registration } from '@latchkey/api';
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
import { authorizationCode } from '../connections/testing/scripted-microsoft.ts';
import { HubError } from '../errors/hub-error.ts';
import type { Provider } from '../providers/provider.ts';
import { callProxy } from '../proxy/testing/call-proxy.ts';

const audience = 'api://ledger';
const scope = `${audience}/Entries.ReadWrite offline_access`;

/** A product that has nothing in common with Dynamics 365. */
const ledger: Provider = {
  id: 'contoso-ledger',
  title: 'The ledger',
  usualConnectionName: 'Contoso Ledger',
  api: {
    title: 'Ledger API',
    appId: '99999999-1111-4222-8333-444444444444',
    permission: 'Entries.ReadWrite',
    absence: 'dynamics_not_in_tenant',
  },
  concurrentCalls: 1,
  parseEnvironmentUrl(_cloud, input) {
    const { origin, hostname } = new URL(input.replace('ledger:', ''));
    return { origin, organization: `ledger at ${hostname}`, region: 'nowhere', cloud: 'local', pasted: null };
  },
  resourceParameters: () => ({ scope }),
  checkTokenClaims: (claims) => (claims?.audience === audience ? null : 'It opens no ledger.'),
  async probeEnvironment({ outbound }, environmentUrl, timeoutMilliseconds) {
    await outbound.request(`${environmentUrl}/hello`, { method: 'GET', timeoutMilliseconds });
    return 'tenant-of-the-ledger';
  },
  proofs: [
    {
      name: 'read',
      title: 'Entries can be read',
      path: '/entries?newest',
      headers: { accept: 'text/ledger' },
      read: ({ body }) => `It answers ${body.length > 0 ? 'with entries' : 'with nothing'}`,
    },
  ],
  explainRefusal: ({ status }) => new HubError('crm_refused', { detail: `The ledger says ${status}.` }),
  applicationUsers: null,
  explainLockOut: () => new HubError('crm_refused', { detail: 'The ledger is closed.' }),
};

let hub: ConnectionHub;

beforeEach(async () => {
  hub = await createConnectionHub({ provider: ledger });
  hub.microsoft.claims = { aud: audience };
});
afterEach(() => hub.close());

it('makes a connection in the provider’s words, and proves it by the provider’s calls', async () => {
  const environmentUrl = `ledger:${hub.microsoft.crm.origin}`;
  const connection = await makeManualConnection(hub, { environmentUrl });
  expect(connection).toMatchObject({
    provider: 'contoso-ledger',
    name: 'Contoso Ledger',
    environmentUrl: hub.microsoft.crm.origin,
    tenantId: 'tenant-of-the-ledger',
    status: { state: 'ready', reason: expect.stringContaining('The ledger last answered') },
  });
  const url = `/api/v1/connections/${connection.id}/test`;
  const { steps } = (await hub.inject({ method: 'POST', url })).json<ConnectionTest>();
  expect(steps.map(({ name }) => name)).toEqual(['address', 'tls', 'discovery', 'token', 'claims', 'read']);
  expect(steps.at(-1)).toMatchObject({ title: 'Entries can be read', detail: 'It answers with entries' });
  expect(hub.microsoft.crm.requests.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/hello', '/entries']),
  );
});

it('signs in and refreshes with the provider’s scope', async () => {
  const connection = await makeConnection(hub, { method: 'sign_in' });
  const visit = await openSignIn(hub, connection.id);
  expect(visit.authorizeUrl.searchParams.get('scope')).toBe(scope);
  await comeBack(hub, visit, { code: authorizationCode });
  expect(await showConnection(hub, connection.id)).toMatchObject({ status: { state: 'ready' } });
  await hub.inject({ method: 'POST', url: `/api/v1/connections/${connection.id}/refresh` });
  const grants = hub.microsoft.tokenRequests().map(({ form }) => [form.get('grant_type'), form.get('scope')]);
  expect(grants).toEqual([
    ['authorization_code', scope],
    ['refresh_token', scope],
  ]);
});

it('hands out no token that is for something else', async () => {
  hub.microsoft.claims = { aud: 'https://contoso.crm4.dynamics.com' };
  const { id, status }: Connection = await makeManualConnection(hub);
  expect(status.failure).toMatchObject({ code: 'token_not_for_environment', detail: 'It opens no ledger.' });
  const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token` });
  expect(answer.statusCode).not.toBe(200);
});

it('passes calls on, and takes the provider’s word for what a refusal means', async () => {
  const { id } = await makeManualConnection(hub);
  const origin = await hub.app.listen({ host: '127.0.0.1', port: 0 });
  const proxy = `${origin}/api/v1/connections/${id}/proxy`;
  const headers = { authorization: `Bearer ${hub.apiKey}` };
  expect(await callProxy(proxy, '/entries', { headers })).toMatchObject({ status: 200 });
  hub.microsoft.crm.fail('/entries', { status: 403, body: 'closed' });
  expect(await callProxy(proxy, '/entries', { headers })).toMatchObject({ status: 403 });
  await hub.context.background.idle();
  const { status } = await showConnection(hub, id);
  expect(status).toMatchObject({ state: 'blocked', reason: 'The ledger is closed.' });
});

it('understands addresses and shows permissions as the provider does', async () => {
  const payload = { address: 'ledger:http://books.example:8080/x' };
  const address = await hub.inject({ method: 'POST', url: '/api/v1/environment-address', payload });
  expect(address.json<EnvironmentAddress>()).toEqual({
    origin: 'http://books.example:8080',
    organization: 'ledger at books.example',
    region: 'nowhere',
    cloud: 'local',
    connectionString: null,
  });
  const registration = await hub.inject({
    method: 'POST',
    url: '/api/v1/registrations',
    payload: { kind: 'created', name: 'Ledger app', administratorSignIn: 'browser' },
  });
  const { permissions, steps } = registration.json<Registration>();
  expect(permissions).toEqual([{ api: 'Ledger API', value: 'Entries.ReadWrite', type: 'delegated' }]);
  expect(steps.map(({ title }) => title)).toContain('Ledger API in the tenant');
});
