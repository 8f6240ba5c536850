import type { Problem, Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testEngines } from '../testing/test-database.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { insertConnection } from './testing/insert-connection.ts';

describe.each(testEngines)('a registration whose application was let into environments, on %s', (engine) => {
  let hub: RegistrationHub;
  let ready: Registration;
  let connection: string;

  beforeEach(async () => {
    hub = await createRegistrationHub({ engine });
    ready = await hub.signIn((await hub.begin()).id);
    connection = await insertConnection(hub, { registration_id: ready.id, name: 'Nightly export' });
  });
  afterEach(() => hub.close());

  async function letIn(change: {
    state?: 'ready' | 'undone';
    user_id?: string | null;
    made_by_hub?: number | null;
  }) {
    const now = hub.clock.now();
    const row = {
      connection_id: connection,
      state: 'ready' as const,
      given_roles: '[]',
      user_id: 'u-1',
      made_by_hub: 1,
      steps: '[]',
      version: 0,
      lease_until: 0,
      created_at: now,
      updated_at: now,
      ...change,
    };
    await hub.context.store.db.insertInto('application_users').values(row).execute();
  }
  const undo = <T = Problem>(query = '') => hub.call<T>('POST', `/registrations/${ready.id}/undo${query}`);
  const remove = (query = '') =>
    hub.inject({ method: 'DELETE', url: `/api/v1/registrations/${ready.id}${query}` });

  it('tells where, whether it made the user, and whose connection it is', async () => {
    await letIn({ made_by_hub: 0 });
    expect(await hub.call('GET', `/registrations/${ready.id}/usage`)).toMatchObject({
      connections: 1,
      applicationUsers: [
        {
          connectionId: connection,
          connectionName: 'Nightly export',
          environmentUrl: 'https://contoso.crm4.dynamics.com',
          userId: 'u-1',
          madeByHub: false,
        },
      ],
    });
  });

  it('is neither undone nor deleted before that is taken back, or is to be left there', async () => {
    await letIn({ user_id: null });
    const inPlace = {
      status: 409,
      code: 'registration_users_in_place',
      detail: expect.stringContaining('https://contoso.crm4.dynamics.com (connection "Nightly export")'),
    };
    expect(await undo('?force=true')).toMatchObject(inPlace);
    expect((await remove('?force=true')).json()).toMatchObject(inPlace);
    expect((await hub.show(ready.id)).state).toBe('ready');
    // Who stops is told first, and that they may is no leave for the other.
    expect(await undo('?applicationUsers=leave')).toMatchObject({ code: 'registration_in_use' });
    expect((await undo<Registration>('?force=true&applicationUsers=leave')).state).toBe('undoing');
  });

  it('is deleted when it is to be left there', async () => {
    await letIn({});
    expect((await remove('?force=true&applicationUsers=leave')).statusCode).toBe(204);
  });

  it.each([
    ['was taken back', { state: 'undone' as const, user_id: 'u-1' }],
    ['was never made', { user_id: null, made_by_hub: null }],
  ])('is undone as any other once it %s', async (_case, change) => {
    await letIn(change);
    expect(await hub.call('GET', `/registrations/${ready.id}/usage`)).toMatchObject({ applicationUsers: [] });
    expect((await undo<Registration>('?force=true')).state).toBe('undoing');
  });

  it('minds no environment of another registration’s', async () => {
    connection = await insertConnection(hub, { registration_id: null });
    await letIn({});
    expect(await hub.call('GET', `/registrations/${ready.id}/usage`)).toMatchObject({ applicationUsers: [] });
  });
});
