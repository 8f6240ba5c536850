import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { clientId, clientSecret, tenantId } from '../connections/testing/scripted-microsoft.ts';
import { readTokenState } from './read-token-state.ts';
import { connectionSecretPlace, resolveTokenClient } from './resolve-token-client.ts';

let hub: ConnectionHub;

beforeEach(async () => {
  hub = await createConnectionHub();
});
afterEach(() => hub.close());

/** An application that was registered before, with a secret that works. */
async function adoptApplication(): Promise<string> {
  const payload = { kind: 'adopted', name: 'Kept app', tenantId, clientId, clientSecret };
  const answer = await hub.inject({ method: 'POST', url: '/api/v1/registrations', payload });
  const { id, state } = answer.json<{ id: string; state: string }>();
  expect(state).toBe('ready');
  return id;
}

async function registeredConnection(input: object = {}): Promise<string> {
  const registrationId = await adoptApplication();
  const connection = { method: 'client_credentials', clientId: undefined, registrationId, ...input };
  return (await makeConnection(hub, connection)).id;
}

async function clientOf(connectionId: string) {
  const { connection } = await readTokenState(hub.context, connectionId);
  return resolveTokenClient(hub.context, connection);
}

it('asks with the registration’s client id and secret', async () => {
  const id = await registeredConnection();
  expect(await clientOf(id)).toMatchObject({
    clientId,
    credential: { kind: 'secret', secret: clientSecret },
  });
  expect(hub.microsoft.tokenRequests().at(-1)?.form.get('client_secret')).toBe(clientSecret);
});

it('prefers a secret of the connection’s own, so that it can be mended without the registration', async () => {
  const id = await registeredConnection({ clientSecret: 'its~own' });
  expect(await clientOf(id)).toMatchObject({ clientId, credential: { kind: 'secret', secret: 'its~own' } });
  const url = `/api/v1/connections/${id}`;
  await hub.inject({ method: 'PATCH', url, payload: { clientSecret: 'refused~one' } });
  expect(await clientOf(id)).toMatchObject({ credential: { secret: 'its~own' } });
  await hub.inject({ method: 'PATCH', url, payload: { clientSecret } });
  expect(await clientOf(id)).toMatchObject({
    clientId,
    credential: { kind: 'secret', secret: clientSecret },
  });
  expect(hub.microsoft.tokenRequests().map(({ form }) => form.get('client_secret'))).toEqual([
    // The registration's proof, the connection's, the one that comes to nothing, and the one that is tried, then used.
    clientSecret,
    'its~own',
    'refused~one',
    clientSecret,
    clientSecret,
  ]);
});

it('asks as a public client where there is no secret at all', async () => {
  const { id } = await makeManualConnection(hub, { clientSecret: undefined });
  expect(await clientOf(id)).toMatchObject({ clientId, credential: { kind: 'none' } });
  await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
  const [request] = hub.microsoft.tokenRequests();
  expect(request?.form.get('client_id')).toBe(clientId);
  expect(request?.form.has('client_secret')).toBe(false);
});

// Part of what is stored: by another name nothing would open that an earlier version sealed.
it('keeps a connection’s secret where every version looks for it', () => {
  expect(connectionSecretPlace('1')).toBe('connections/1/sealed_client_secret');
});

it('opens no secret that was moved here from another connection', async () => {
  const [one, other] = [await makeManualConnection(hub), await makeManualConnection(hub)];
  const { connection } = await readTokenState(hub.context, one.id);
  await expect(resolveTokenClient(hub.context, { ...connection, id: other.id })).rejects.toMatchObject({
    code: 'vault_unreadable',
  });
});
