import type { Problem, Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millisecondsPerDay, millisecondsPerHour } from '../../ground/durations.ts';
import { administratorScope } from '../administrator-client.ts';
import { findRegistration } from '../find-registration.ts';
import { resumeRegistrations } from '../resume-registrations.ts';
import { createRegistrationHub, type RegistrationHub } from '../testing/create-registration-hub.ts';
import { insertConnection } from '../testing/insert-connection.ts';
import { keepUpNow } from '../testing/keep-up-until.ts';
import { graphError, ownedByRoleId } from '../testing/scripted-graph.ts';
import { upkeepEvents } from '../testing/upkeep-events.ts';

let hub: RegistrationHub;
let ready: Registration;

beforeEach(async () => {
  hub = await createRegistrationHub();
  ready = await hub.signIn((await hub.begin({ secretLifetimeDays: 180 })).id);
});
afterEach(() => hub.close());

const byBrowser = { administratorSignIn: 'browser' };
const ask = <T = Registration>(task: string, body: object = byBrowser) =>
  hub.call<T>('POST', `/registrations/${ready.id}/${task}`, body);
const application = () => {
  const [first] = hub.microsoft.directory.applications;
  if (!first) throw new Error('There is no application.');
  return first;
};
const kinds = () => upkeepEvents(hub);

describe('what an administrator signs in for while a registration is ready', () => {
  it('waits for the sign-in, and the registration stays ready meanwhile', async () => {
    const asked = await ask('automatic-rotation');
    expect(asked).toMatchObject({
      state: 'ready',
      task: { kind: 'automatic_rotation', state: 'awaiting_sign_in', failure: null },
      signIn: { kind: 'browser' },
      steps: ready.steps,
    });
    expect(hub.microsoft.directory.assignments).toEqual([]);
  });

  it('is the permission to rotate by itself: owner of itself, asked for, given; and then it rotates', async () => {
    await ask('automatic-rotation');
    const done = await hub.signIn(ready.id);
    expect(done).toMatchObject({ state: 'ready', task: null, signIn: null });
    const principalId = ready.servicePrincipalId;
    expect(hub.microsoft.directory.owners).toEqual([principalId]);
    expect(hub.microsoft.directory.assignments).toMatchObject([{ principalId, appRoleId: ownedByRoleId }]);
    expect(application().requiredResourceAccess).toHaveLength(2);
    application().roles = ['Application.ReadWrite.OwnedBy'];
    await keepUpNow(hub, ready.id);
    expect((await hub.show(ready.id)).rotation).toMatchObject({
      mayRotate: true,
      dueAt: new Date(Date.parse(ready.clientSecret?.endsAt ?? '') - 30 * millisecondsPerDay).toISOString(),
    });
    expect(await kinds()).toEqual(['automatic_rotation_set_up']);
  });

  it('is done once, though it is asked for again', async () => {
    for (let times = 0; times < 2; times += 1) {
      await ask('automatic-rotation');
      await hub.signIn(ready.id);
    }
    expect(hub.microsoft.directory.owners).toHaveLength(1);
    expect(hub.microsoft.directory.assignments).toHaveLength(1);
    expect(application().requiredResourceAccess).toMatchObject([
      { resourceAccess: [{ type: 'Scope' }] },
      { resourceAccess: [{ id: ownedByRoleId, type: 'Role' }] },
    ]);
  });

  it('is one rotation, where the application may not rotate itself', async () => {
    await keepUpNow(hub, ready.id);
    await ask('rotate');
    const rotated = await hub.signIn(ready.id);
    expect(rotated.rotation.state).toBe('retiring');
    expect(rotated.clientSecret?.keyId).not.toBe(ready.clientSecret?.keyId);
    hub.clock.advance(25 * millisecondsPerHour);
    await keepUpNow(hub, ready.id);
    // Nobody may remove it now; the timeline says so.
    expect((await hub.show(ready.id)).rotation.state).toBe('idle');
    const events = await hub.context.store.db.selectFrom('events').select(['kind', 'summary']).execute();
    expect(events.find(({ kind }) => kind === 'old_secret_left')?.summary).toContain(
      'remove it in the portal',
    );
  });

  it('is one rotation of a secret that has ended, which ends the alarm', async () => {
    hub.clock.advance(181 * millisecondsPerDay);
    await keepUpNow(hub, ready.id);
    expect((await hub.show(ready.id)).alarm).toMatchObject({ code: 'client_secret_expired' });
    await ask('rotate');
    const rotated = await hub.signIn(ready.id);
    expect(rotated).toMatchObject({ alarm: null, alarmSince: null, clientSecret: { warning: 'none' } });
    expect(rotated.rotation.state).toBe('retiring');
  });

  it('says why it came to nothing, and can be asked for again', async () => {
    hub.microsoft.faults('POST /servicePrincipals/{id}/appRoleAssignedTo', {
      answer: graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges.'),
    });
    await ask('automatic-rotation');
    const failed = await hub.signIn(ready.id);
    expect(failed).toMatchObject({
      state: 'ready',
      task: { kind: 'automatic_rotation', state: 'failed', failure: { code: 'graph_refused' } },
      signIn: null,
    });
    expect((await ask('automatic-rotation')).task).toMatchObject({
      state: 'awaiting_sign_in',
      failure: null,
    });
    expect((await hub.signIn(ready.id)).task).toBeNull();
  });

  it('says why an administrator did not sign in', async () => {
    hub.microsoft.entra.deviceCode = ['declined'];
    await ask('repair', { administratorSignIn: 'device_code' });
    await hub.context.background.idle();
    expect(await hub.show(ready.id)).toMatchObject({
      state: 'ready',
      task: { kind: 'repair', state: 'failed', failure: { code: 'sign_in_declined' } },
    });
  });

  it('puts back what was taken away: redirect URI, permission, service principal, consent', async () => {
    application().web = { redirectUris: ['https://elsewhere.example.com/callback'] };
    application().requiredResourceAccess = [];
    hub.microsoft.directory.servicePrincipals.splice(2);
    hub.microsoft.directory.grants.splice(0);
    await ask('repair');
    await hub.signIn(ready.id);
    expect(application().web).toEqual({
      redirectUris: ['https://elsewhere.example.com/callback', 'http://localhost:4480/oauth/callback'],
    });
    expect(application().requiredResourceAccess).toHaveLength(1);
    expect(hub.microsoft.directory.servicePrincipals).toHaveLength(3);
    expect(hub.microsoft.directory.grants).toMatchObject([{ consentType: 'AllPrincipals' }]);
    expect(await kinds()).toEqual(['repaired']);
  });

  it('is taken up again by the next process when one was killed after the sign-in', async () => {
    const { coma, sleep } = createComa();
    const killed = await createRegistrationHub({ beside: hub, sleep });
    const notYet = { answer: graphError(404, 'Request_ResourceNotFound', 'Resource does not exist.') };
    hub.microsoft.faults('POST /servicePrincipals/{id}/appRoleAssignedTo', notYet);
    await ask('automatic-rotation');
    await killed.comeBack(ready.id);
    await coma;
    hub.clock.advance(31_000);
    await resumeRegistrations(hub.context);
    await hub.context.background.idle();
    expect((await hub.show(ready.id)).task).toBeNull();
    expect(hub.microsoft.directory.assignments).toHaveLength(1);
    await killed.close();
  });

  it.each(['automatic-rotation', 'repair', 'rotate'])(
    'is nothing for one that is not ready: %s',
    async (task) => {
      const { id } = await hub.begin();
      expect(await hub.call<Problem>('POST', `/registrations/${id}/${task}`, byBrowser)).toMatchObject({
        status: 409,
        code: 'registration_state_conflict',
      });
    },
  );
});

describe('a registration that is to rotate by itself from the beginning', () => {
  it('gets the permission as one of its steps, for which the administrator is asked', async () => {
    const { id } = await hub.begin({ automaticRotation: true });
    const made = await hub.signIn(id);
    expect(made.state).toBe('ready');
    expect(made.steps.find(({ name }) => name === 'automatic_rotation')).toMatchObject({ state: 'done' });
    expect(hub.microsoft.directory.owners).toEqual([made.servicePrincipalId]);
    expect(hub.microsoft.directory.assignments).toMatchObject([{ appRoleId: ownedByRoleId }]);
  });

  it('asks an administrator for that leave only where it is wanted', async () => {
    const scopeOf = async (id: string) => {
      const row = await findRegistration(hub.context, id);
      return administratorScope(hub.context.config.cloud, row);
    };
    const assigning = '/AppRoleAssignment.ReadWrite.All';
    expect(await scopeOf((await hub.begin()).id)).not.toContain(assigning);
    expect(await scopeOf((await hub.begin({ automaticRotation: true })).id)).toContain(assigning);
    await ask('repair');
    expect(await scopeOf(ready.id)).not.toContain(assigning);
    await ask('automatic-rotation');
    expect(await scopeOf(ready.id)).toContain(assigning);
  });
});

describe('a registration that connections use', () => {
  it('tells who would stop before it is deleted, and is deleted all the same when they may (lesson 12)', async () => {
    const url = `/api/v1/registrations/${ready.id}`;
    const used = await insertConnection(hub, { registration_id: ready.id, name: 'Sales' });
    expect(await hub.call('GET', `/registrations/${ready.id}/usage`)).toEqual({
      connections: 1,
      first: [{ id: used, name: 'Sales' }],
      applicationUsers: [],
    });
    const refused = await hub.inject({ method: 'DELETE', url });
    expect(refused.json()).toMatchObject({
      code: 'registration_in_use',
      detail: expect.stringContaining('"Sales"'),
    });
    expect((await hub.inject({ method: 'DELETE', url: `${url}?force=true` })).statusCode).toBe(204);
    expect((await hub.inject({ url })).statusCode).toBe(404);
    // What is in Entra ID stays.
    expect(hub.microsoft.directory.applications).toHaveLength(1);
    const token = await hub.inject({ url: `/api/v1/connections/${used}/token` });
    expect(token.json()).toMatchObject({ code: 'registration_not_found' });
    expect(
      await hub.context.store.db
        .selectFrom('due_work')
        .selectAll()
        .where('subject_id', '=', ready.id)
        .execute(),
    ).toEqual([]);
  });

  it('is undone all the same when they may stop', async () => {
    await insertConnection(hub, { registration_id: ready.id, name: 'Sales' });
    expect(await hub.call<Problem>('POST', `/registrations/${ready.id}/undo`)).toMatchObject({
      code: 'registration_in_use',
    });
    expect((await hub.call('POST', `/registrations/${ready.id}/undo?force=true`)).state).toBe('undoing');
  });
});

/** A sleep that nobody wakes from: to the others it is as good as killed. */
function createComa() {
  let fall = () => {};
  const coma = new Promise<void>((resolve) => {
    fall = resolve;
  });
  const sleep = (_milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      fall();
    });
  return { coma, sleep };
}
