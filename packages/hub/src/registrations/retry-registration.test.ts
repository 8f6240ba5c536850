import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { graphError } from './testing/scripted-graph.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

const retry = (id: string) => hub.call('POST', `/registrations/${id}/retry`);
const signInAgain = (id: string, body?: object) => hub.call('POST', `/registrations/${id}/sign-in`, body);

/** As if another process were at work on it, or had died in the middle. */
async function leave(state: 'running' | 'undoing', leaseLeft: number) {
  await hub.context.store.db
    .updateTable('registrations')
    .set({ state, lease_until: hub.clock.now() + leaseLeft })
    .execute();
}

async function failAtConsent(): Promise<string> {
  const refusal = graphError(400, 'Request_BadRequest', 'Invalid value.');
  hub.microsoft.faults('POST /oauth2PermissionGrants', { answer: refusal });
  const { id } = await hub.begin();
  expect((await hub.signIn(id)).state).toBe('failed');
  return id;
}

function adopt() {
  return hub.call('POST', '/registrations', {
    kind: 'adopted',
    name: 'Old app',
    tenantId: hub.microsoft.directory.tenantId,
    clientId: '11112222-3333-4444-8555-666677778888',
    clientSecret: 'wrong',
  });
}

describe('trying again', () => {
  it('leaves a run alone while its lease lasts, and takes it over in the moment that it has ended', async () => {
    const id = await failAtConsent();
    await leave('running', 1);
    expect(await retry(id)).toMatchObject({ code: 'registration_busy' });
    await hub.context.background.idle();
    expect((await hub.show(id)).state).toBe('running');
    hub.clock.advance(1);
    expect((await retry(id)).state).toBe('running');
    await hub.context.background.idle();
    expect((await hub.show(id)).state).toBe('ready');
  });

  it('goes on with an undoing whose process died, and with nothing else', async () => {
    const id = await failAtConsent();
    await leave('undoing', 0);
    expect((await retry(id)).state).toBe('undoing');
    await hub.context.background.idle();
    expect((await hub.show(id)).state).toBe('undone');
    expect(await retry(id)).toMatchObject({ status: 409, code: 'registration_state_conflict' });
  });

  it('offers a fresh sign-in of the same kind while none was finished', async () => {
    const { id, signIn } = await hub.begin();
    const again = await retry(id);
    expect(again).toMatchObject({ state: 'awaiting_sign_in', signIn: { kind: 'browser' } });
    expect(again.signIn).not.toEqual(signIn);
  });

  it('needs nobody to sign in for an adopted application', async () => {
    const { id } = await adopt();
    expect((await retry(id)).state).toBe('running');
    await hub.context.background.idle();
    expect((await hub.show(id)).failure?.code).toBe('token_request_refused');
  });
});

describe('asking for a fresh sign-in', () => {
  it('is refused for an adopted application, for which nobody signs in', async () => {
    const { id } = await adopt();
    expect(await signInAgain(id)).toMatchObject({ status: 409, code: 'registration_state_conflict' });
  });

  it('is refused while a run or an undoing is at work', async () => {
    const id = await failAtConsent();
    for (const state of ['running', 'undoing'] as const) {
      await leave(state, 1000);
      expect(await signInAgain(id)).toMatchObject({ status: 409, code: 'registration_busy' });
    }
  });

  it('is granted to a registration that failed, by the way that is named, and voids the token at hand', async () => {
    const id = await failAtConsent();
    const again = await signInAgain(id, { administratorSignIn: 'device_code' });
    expect(again).toMatchObject({ state: 'awaiting_sign_in', signIn: { kind: 'device_code' } });
    const row = await hub.context.store.db.selectFrom('registrations').selectAll().executeTakeFirstOrThrow();
    expect(row.sealed_administrator_token).toBeNull();
    expect(row.administrator_token_expires_at).toBeNull();
    expect(row.sealed_sign_in_link).toBeNull();
  });

  it('is granted to an undoing that waits for one, and refused once it is undone', async () => {
    const { id } = await hub.begin();
    await hub.signIn(id);
    await hub.call('POST', `/registrations/${id}/undo`);
    expect(await signInAgain(id)).toMatchObject({ state: 'undoing', signIn: { kind: 'browser' } });
    expect((await hub.signIn(id)).state).toBe('undone');
    expect(await signInAgain(id)).toMatchObject({ code: 'registration_state_conflict' });
  });
});
