import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ConnectionHub, createConnectionHub } from '../connections/testing/create-connection-hub.ts';
import { clientId, clientSecret, tenantId } from '../connections/testing/scripted-microsoft.ts';
import {
  openCredentials,
  registrationCredentials,
  registrationSecretPlace,
} from './registration-credentials.ts';

let hub: ConnectionHub;
let id: string;

beforeEach(async () => {
  hub = await createConnectionHub();
  const payload = { kind: 'adopted', name: 'Kept app', tenantId, clientId, clientSecret };
  const answer = await hub.inject({ method: 'POST', url: '/api/v1/registrations', payload });
  id = answer.json<{ id: string }>().id;
});
afterEach(() => hub.close());

type Row = Parameters<typeof openCredentials>[1];

const change = (columns: Partial<Row>): Promise<Row> =>
  hub.context.store.db
    .updateTable('registrations')
    .set(columns)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

it('are opened for a registration that is ready', async () => {
  const { redirect_uri: redirectUri } = await change({ state: 'ready' });
  expect(await registrationCredentials(hub.context, id)).toEqual({
    clientId,
    tenantId,
    credential: { kind: 'secret', secret: clientSecret },
    redirectUri,
  });
});

it('have no secret where the application has none', async () => {
  await change({ sealed_client_secret: null });
  expect((await registrationCredentials(hub.context, id)).credential).toEqual({ kind: 'none' });
});

it('are refused before the registration is ready, but for its own proof', async () => {
  const row = await change({ state: 'running' });
  await expect(registrationCredentials(hub.context, id)).rejects.toMatchObject({
    code: 'registration_not_ready',
  });
  expect(openCredentials(hub.context, row)).toMatchObject({
    clientId,
    credential: { kind: 'secret', secret: clientSecret },
  });
});

it.each(['client_id', 'tenant_id'] as const)('are refused while there is no %s', async (column) => {
  const row = await change({ [column]: null });
  expect(() => openCredentials(hub.context, row)).toThrow(
    expect.objectContaining({ code: 'registration_not_ready' }),
  );
});

// Part of what is stored: by another name nothing would open that an earlier version sealed.
it('are kept where every version looks for them', () => {
  expect(registrationSecretPlace('1')).toBe('registrations/1/sealed_client_secret');
});

it('are those of that registration, not of another one', async () => {
  await expect(registrationCredentials(hub.context, `${id}-gone`)).rejects.toMatchObject({
    code: 'registration_not_found',
  });
  const row = await change({ name: 'Renamed app' });
  expect(() => openCredentials(hub.context, { ...row, id: 'another' })).toThrow(
    expect.objectContaining({ code: 'vault_unreadable' }),
  );
});
