import { afterEach, describe, expect, it } from 'vitest';
import { testEngines } from '../testing/test-database.ts';
import { resumeRegistrations } from './resume-registrations.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { graphError } from './testing/scripted-graph.ts';

const hubs: RegistrationHub[] = [];

afterEach(async () => {
  for (const hub of hubs.splice(0).toReversed()) await hub.close();
});

/** A sleep from which a hub only wakes when told to: to the others it is as good as killed. */
function createComa() {
  const coma = { wake: () => {}, fallenInto: Promise.resolve() };
  let fall = () => {};
  coma.fallenInto = new Promise((resolve) => {
    fall = resolve;
  });
  const sleep = (_milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      coma.wake = resolve;
      signal?.addEventListener('abort', () => reject(signal.reason));
      fall();
    });
  return { coma, sleep };
}

async function open(...options: Parameters<typeof createRegistrationHub>): Promise<RegistrationHub> {
  const hub = await createRegistrationHub(...options);
  hubs.push(hub);
  return hub;
}

const leaseMilliseconds = 30_000;
const notYet = { answer: graphError(404, 'Request_ResourceNotFound', 'Resource does not exist.') };

describe.each(testEngines)('a registration whose process is killed, on %s', (engine) => {
  it('is taken over when its lease has ended, from the step it was at', async () => {
    const { coma, sleep } = createComa();
    const killed = await open({ engine, sleep });
    killed.microsoft.faults('POST /applications/{id}/addPassword', notYet);
    const { id } = await killed.begin();
    await killed.comeBack(id);
    await coma.fallenInto;

    const heir = await open({ engine, beside: killed });
    expect((await heir.show(id)).state).toBe('running');
    await heir.context.background.idle();
    expect((await heir.show(id)).state).toBe('running');

    heir.clock.advance(leaseMilliseconds);
    await heir.show(id);
    await heir.context.background.idle();
    const ready = await heir.show(id);
    expect(ready.state).toBe('ready');
    expect(heir.microsoft.count('POST /applications')).toBe(1);
    expect(heir.microsoft.count('POST /applications/{id}/addPassword')).toBe(2);

    // The one that was held up finds its lease lost, and changes nothing.
    coma.wake();
    await killed.context.background.idle();
    expect(await heir.show(id)).toEqual(ready);
    expect(heir.microsoft.count('POST /applications/{id}/addPassword')).toBe(2);
  });

  it('goes on at the next start', async () => {
    const { coma, sleep } = createComa();
    const killed = await open({ engine, sleep });
    killed.microsoft.faults('POST /servicePrincipals', notYet);
    const { id } = await killed.begin();
    await killed.comeBack(id);
    await coma.fallenInto;

    const next = await open({ engine, beside: killed });
    await resumeRegistrations(next.context);
    await next.context.background.idle();
    expect((await next.show(id)).state).toBe('ready');
  });

  it('goes on polling for a device code at the next start', async () => {
    const { coma, sleep } = createComa();
    const killed = await open({ engine, sleep });
    killed.microsoft.entra.deviceCode = ['pending', 'approved'];
    const { id } = await killed.begin({ administratorSignIn: 'device_code' });
    await coma.fallenInto;

    const next = await open({ engine, beside: killed });
    await resumeRegistrations(next.context);
    await next.context.background.idle();
    expect((await next.show(id)).state).toBe('ready');
  });

  it('removes the secret whose value was lost between Graph and the database', async () => {
    const hub = await open({ engine });
    const { id } = await hub.begin();
    const { clientSecret: lost } = await hub.signIn(id);
    const { db } = hub.context.store;
    const { steps } = await db.selectFrom('registrations').select('steps').executeTakeFirstOrThrow();
    await db
      .updateTable('registrations')
      .set({
        state: 'failed',
        sealed_client_secret: null,
        steps: steps.replace('"client_secret","state":"done"', '"client_secret","state":"running"'),
      })
      .execute();
    await hub.call('POST', `/registrations/${id}/retry`);
    const { clientSecret: made } = await hub.signIn(id);
    expect(made?.keyId).not.toBe(lost?.keyId);
    const kept = hub.microsoft.directory.applications[0]?.passwordCredentials.map(({ keyId }) => keyId);
    expect(kept).toEqual([made?.keyId]);
  });
});

describe('the start', () => {
  it('wipes an administrator’s token that has ended', async () => {
    const hub = await open();
    hub.microsoft.faults('POST /applications', { answer: graphError(400, 'Request_BadRequest', 'No.') });
    const { id } = await hub.begin();
    await hub.signIn(id);
    const stored = () =>
      hub.context.store.db
        .selectFrom('registrations')
        .select('sealed_administrator_token')
        .executeTakeFirstOrThrow();
    expect((await stored()).sealed_administrator_token).not.toBeNull();
    hub.clock.advance(3_600_000);
    await resumeRegistrations(hub.context);
    expect((await stored()).sealed_administrator_token).toBeNull();
  });

  it('wipes no token that lives, nor that of a registration under way', async () => {
    const hub = await open();
    hub.microsoft.faults('POST /applications', { answer: graphError(400, 'Request_BadRequest', 'No.') });
    const { id } = await hub.begin();
    await hub.signIn(id);
    const { db } = hub.context.store;
    const stored = async () =>
      (await db.selectFrom('registrations').select('sealed_administrator_token').executeTakeFirstOrThrow())
        .sealed_administrator_token;
    hub.clock.advance(3_600_000 - 1);
    await resumeRegistrations(hub.context);
    expect(await stored()).not.toBeNull();
    await db.updateTable('registrations').set({ state: 'awaiting_sign_in' }).execute();
    hub.clock.advance(1);
    await resumeRegistrations(hub.context);
    expect(await stored()).not.toBeNull();
  });

  it('starts nothing that waits for a browser, or is done', async () => {
    const hub = await open();
    const { id: waiting } = await hub.begin();
    const { id: ready } = await hub.begin();
    await hub.signIn(ready);
    const versions = () =>
      hub.context.store.db.selectFrom('registrations').select('version').orderBy('id').execute();
    const before = await versions();
    await resumeRegistrations(hub.context);
    await hub.context.background.idle();
    expect(await versions()).toEqual(before);
    expect((await hub.show(waiting)).state).toBe('awaiting_sign_in');
  });

  it('gives a registration back at an orderly close, so that the next start goes on at once', async () => {
    const { coma, sleep } = createComa();
    const hub = await open({ sleep });
    hub.microsoft.faults('POST /servicePrincipals', notYet);
    const { id } = await hub.begin();
    await hub.comeBack(id);
    await coma.fallenInto;
    await hub.context.background.close();

    const next = await open({ beside: hub });
    await resumeRegistrations(next.context);
    await next.context.background.idle();
    expect((await next.show(id)).state).toBe('ready');
    expect(next.waits).toEqual([]);
  });
});
