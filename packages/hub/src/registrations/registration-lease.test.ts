import { afterEach, describe, expect, it } from 'vitest';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { deleteRegistration } from './delete-registration.ts';
import { changeUnderLease, claimRegistration, releaseRegistration } from './registration-lease.ts';
import { initialSteps, withStep } from './registration-steps.ts';
import { retryRegistration } from './retry-registration.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { graphError } from './testing/scripted-graph.ts';
import { undoRegistration } from './undo-registration.ts';

const leaseMilliseconds = 30_000;
const hubs: RegistrationHub[] = [];

afterEach(async () => {
  for (const hub of hubs.splice(0).toReversed()) await hub.close();
});

async function open(...options: Parameters<typeof createRegistrationHub>): Promise<RegistrationHub> {
  const hub = await createRegistrationHub(...options);
  hubs.push(hub);
  return hub;
}

function claim(hub: RegistrationHub, id: string) {
  return claimRegistration(hub.context, id, new AbortController().signal);
}

describe.each(testEngines)('a run’s hold on a registration, on %s', (engine) => {
  it('is had by one of many that claim it at once', async () => {
    const hub = await open({ engine });
    const other = await open({ engine, beside: hub });
    const { id } = await hub.begin();
    const runs = await Promise.all([hub, other, hub, other].map((one) => claim(one, id)));
    expect(runs.filter((run) => run !== undefined)).toHaveLength(1);
  });

  it('is of one registration only', async () => {
    const hub = await open({ engine });
    const [one, other] = [await hub.begin(), await hub.begin()];
    expect((await claim(hub, one.id))?.row.id).toBe(one.id);
    expect((await claim(hub, other.id))?.row.id).toBe(other.id);
    expect(await claim(hub, 'unknown')).toBeUndefined();
  });

  it('ends by itself, and takes from its old holder the right to write', async () => {
    const hub = await open({ engine });
    const { id } = await hub.begin();
    const lost = await claim(hub, id);
    hub.clock.advance(leaseMilliseconds - 1);
    expect(await claim(hub, id)).toBeUndefined();
    hub.clock.advance(1);
    expect(await claim(hub, id)).toBeDefined();
    if (!lost) throw new Error('Nobody held the registration.');
    await expect(changeUnderLease(lost, { name: 'late' })).rejects.toMatchObject({
      code: 'registration_busy',
    });
    await expect(releaseRegistration(lost)).rejects.toMatchObject({ code: 'registration_busy' });
    expect((await hub.show(id)).name).toBe('Latchkey');
  });

  it('goes by the database’s time, though the clocks of the hubs differ by minutes', async () => {
    const hub = await open({ engine });
    const ahead = createTestClock();
    ahead.advance(120_000);
    const { id } = await hub.begin();
    const held = await claim(hub, id);
    const other = { ...hub.context, clock: ahead };
    expect(await claimRegistration(other, id, new AbortController().signal)).toBeUndefined();
    hub.clock.advance(leaseMilliseconds);
    const taken = await claimRegistration(other, id, new AbortController().signal);
    if (!held || !taken) throw new Error('Nobody held the registration.');
    await changeUnderLease(taken, {});
    expect(taken.row.lease_until).toBe(hub.clock.now() + leaseMilliseconds);
  });

  it('keeps other hubs from deleting and undoing by the database’s time, too', async () => {
    const hub = await open({ engine });
    const ahead = createTestClock();
    ahead.advance(120_000);
    const { id } = await hub.begin();
    await claim(hub, id);
    const begun = { steps: initialSteps('created', 'client_secret', false) };
    const steps = withStep(begun, 'application', { attempts: 1 });
    await hub.context.store.db.updateTable('registrations').set({ state: 'running', steps }).execute();
    const other = { ...hub.context, clock: ahead };
    const busy = { code: 'registration_busy' };
    const may = { connections: true, leavesApplicationUsers: true };
    await expect(deleteRegistration(other, id, may, null)).rejects.toMatchObject(busy);
    await expect(undoRegistration(other, id, may)).rejects.toMatchObject(busy);
    await expect(retryRegistration(other, id)).rejects.toMatchObject(busy);
    hub.clock.advance(leaseMilliseconds);
    await deleteRegistration({ ...hub.context, clock: createTestClock() }, id, may, null);
    expect(await hub.call('GET', `/registrations/${id}`)).toMatchObject({ code: 'registration_not_found' });
  });

  it('is renewed with every write, and free once given back', async () => {
    const hub = await open({ engine });
    const { id } = await hub.begin();
    const run = await claim(hub, id);
    if (!run) throw new Error('Nobody holds the registration.');
    hub.clock.advance(leaseMilliseconds - 1);
    await changeUnderLease(run, { name: 'changed' });
    hub.clock.advance(leaseMilliseconds - 1);
    expect(await claim(hub, id)).toBeUndefined();
    await releaseRegistration(run);
    expect((await claim(hub, id))?.row.name).toBe('changed');
  });

  it('is kept while the run waits as long as Graph asks, though that is longer than the lease', async () => {
    const hub = await open({ engine });
    const pause = { headers: { 'retry-after': '60' } };
    hub.microsoft.faults('GET /me', {
      answer: { ...graphError(429, 'TooManyRequests', 'Slow down.'), ...pause },
    });
    const { id } = await hub.begin();
    const claims: unknown[] = [];
    hub.onWait = async () => void claims.push(await claim(hub, id));
    expect((await hub.signIn(id)).state).toBe('ready');
    expect(claims).toEqual(Array(6).fill(undefined));
    expect(hub.microsoft.count('GET /me')).toBe(2);
  });
});
