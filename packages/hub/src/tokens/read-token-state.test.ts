import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { readTokenState, selectTokenStates, toTokenState } from './read-token-state.ts';

let hub: ConnectionHub;
let id: string;

beforeEach(async () => {
  hub = await createConnectionHub();
  ({ id } = await makeManualConnection(hub));
});
afterEach(() => hub.close());

it('reads the connection that was asked for, with its own tokens', async () => {
  const other = await makeManualConnection(hub);
  for (const wanted of [id, other.id]) {
    const { connection, tokenSet } = await readTokenState(hub.context, wanted);
    expect([connection.id, tokenSet.connection_id]).toEqual([wanted, wanted]);
  }
});

it('says that there is no such connection', async () => {
  await expect(readTokenState(hub.context, 'none')).rejects.toMatchObject({ code: 'connection_not_found' });
});

it.each([
  ['nobody’s', null, null, null],
  ['the connection’s own', 'own', null, 'own'],
  ['the registration’s', null, 'its', 'its'],
  ['both’s: the connection’s own', 'own', 'its', 'own'],
])('knows which client secret counts: %s', async (_whose, own, registrations, expected) => {
  const row = await selectTokenStates(hub.context.store).executeTakeFirstOrThrow();
  const state = toTokenState({ ...row, sealed_client_secret: own, registration_secret: registrations });
  expect(state.sealedCredential).toBe(expected);
});
