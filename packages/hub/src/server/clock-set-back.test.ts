import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionUpkeep } from '../connections/keep-connection.ts';
import { takeProof } from '../connections/proof-budget.ts';
import { proveConnection } from '../connections/prove-connection.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  signIn,
} from '../connections/testing/create-connection-hub.ts';
import { clientSecret } from '../connections/testing/scripted-microsoft.ts';
import { scheduleWork } from '../due-work/schedule-work.ts';
import { createKeeper } from '../keeper/create-keeper.ts';
import { listProcesses, removeOldProcesses, reportProcess } from '../keeper/keeper-processes.ts';
import { createKeeperRecord } from '../keeper/keeper-record.ts';
import { testEngines } from '../testing/test-database.ts';
import { writeUses } from '../tokens/connection-uses.ts';
import { getAccessToken } from '../tokens/get-access-token.ts';
import { healRejectedToken } from '../tokens/heal-rejected-token.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Months ahead, and further than anything is ever put off. */
const ahead = 365 * day;

describe.each(testEngines)('a hub that ran for a minute with its clock a year ahead, on %s', (engine) => {
  let hub: ConnectionHub;
  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
  });
  afterEach(() => hub.close());

  /** Its clock is wrong for a minute, in which it does something, and is right again. */
  async function whileWrong(work: () => Promise<unknown>): Promise<void> {
    hub.clock.advance(ahead);
    await work();
    hub.clock.advance(minute);
    await work();
    hub.clock.advance(-ahead);
  }

  async function signedIn(): Promise<string> {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    await signIn(hub, id);
    return id;
  }
  const requests = () => hub.microsoft.tokenRequests().length;
  const proofs = () => hub.microsoft.crm.requests.filter(({ path }) => path.endsWith('/WhoAmI')).length;
  /** A second after whatever was before, so that it does not come from memory. */
  async function use(id: string) {
    hub.clock.advance(second);
    return getAccessToken(hub.context, id);
  }
  const openKeeper = () => createKeeper(hub.context, [connectionUpkeep(hub.context)]);
  const rowOf = (id: string) =>
    hub.context.store.db
      .selectFrom('connections')
      .innerJoin('token_sets', 'token_sets.connection_id', 'connections.id')
      .leftJoin('due_work', 'due_work.subject_id', 'connections.id')
      .selectAll(['connections', 'token_sets'])
      .select('due_work.due_at')
      .where('connections.id', '=', id)
      .executeTakeFirstOrThrow();

  it('refreshes and proves what it keeps, once, and then as if nothing had been', async () => {
    const id = await signedIn();
    const keeper = openKeeper();
    await whileWrong(() => keeper.runDue());
    const before = { requests: requests(), proofs: proofs() };
    await keeper.runDue();
    await keeper.runDue();
    expect([requests(), proofs()]).toEqual([before.requests + 1, before.proofs + 1]);
    const row = await rowOf(id);
    expect(row).toMatchObject({ obtained_at: hub.clock.now(), last_proven_at: hub.clock.now() });
    expect(row.due_at).toBeGreaterThan(hub.clock.now());
    expect(row.due_at).toBeLessThan(hub.clock.now() + day);
  });

  it('takes its work up again when it is started anew', async () => {
    await signedIn();
    await whileWrong(() => openKeeper().runDue());
    const before = requests();
    await openKeeper().runDue();
    expect(requests()).toBe(before + 1);
  });

  it('has another process take its work up within ten minutes', async () => {
    await signedIn();
    const other = openKeeper();
    await other.runDue();
    await whileWrong(() => openKeeper().runDue());
    const before = requests();
    hub.clock.advance(10 * minute);
    await other.runDue();
    expect(requests()).toBe(before + 1);
  });

  it('serves a token that was got then for no longer than it may live', async () => {
    const { id } = await makeManualConnection(hub);
    await whileWrong(() => use(id));
    const before = requests();
    const token = await use(id);
    expect(token.expiresAt).toBe(hub.clock.now() + hour);
    await use(id);
    expect(requests()).toBe(before + 1);
  });

  it('tries again at once what failed then', async () => {
    const { id } = await makeManualConnection(hub);
    hub.clock.advance(2 * hour);
    const patience = { status: 429, headers: { 'retry-after': '600' } };
    hub.microsoft.entra.fail('/token', patience);
    await whileWrong(() => use(id).catch(() => undefined));
    expect((await use(id)).expiresAt).toBe(hub.clock.now() + hour);
  });

  it('waits as long as it was told to wait by a right clock, though others’ clocks are minutes ahead', async () => {
    const { id } = await makeManualConnection(hub);
    hub.clock.advance(2 * hour);
    hub.microsoft.entra.fail('/token', { status: 429, headers: { 'retry-after': '3600' } });
    await use(id).catch(() => undefined);
    hub.clock.advance(-2 * minute);
    await expect(use(id)).rejects.toMatchObject({ code: 'token_endpoint_unavailable' });
  });

  it('heals a rejected token at once, whatever was rejected then', async () => {
    const { id } = await makeManualConnection(hub);
    let rejected = '';
    await whileWrong(async () => {
      const { accessToken } = await use(id);
      rejected = (await healRejectedToken(hub.context, id, accessToken)).accessToken;
    });
    expect((await rowOf(id)).rejected_in_a_row).toBe(2);
    const before = requests();
    const healed = await healRejectedToken(hub.context, id, rejected);
    expect([healed.accessToken === rejected, requests()]).toEqual([false, before + 1]);
  });

  it('knows what is in use, and writes uses down again', async () => {
    const id = await signedIn();
    await whileWrong(async () => {
      await use(id);
      await writeUses(hub.context);
    });
    expect((await rowOf(id)).last_used_at).toBeGreaterThan(hub.clock.now());
    const { db } = hub.context.store;
    await scheduleWork(db, { kind: 'connection', subjectId: id, dueAt: hub.clock.now() });
    await openKeeper().runDue();
    // Nobody has used it by any right clock: proofs are a day apart.
    expect((await rowOf(id)).due_at).toBeGreaterThan(hub.clock.now() + 12 * hour);
    await use(id);
    await writeUses(hub.context);
    expect((await rowOf(id)).last_used_at).toBe(hub.clock.now());
  });

  it('tells proofs in the timeline again', async () => {
    const id = await signedIn();
    await whileWrong(() => proveConnection(hub.context, id));
    const told = () =>
      hub.context.store.db.selectFrom('events').select('id').where('kind', '=', 'proven').execute();
    const before = (await told()).length;
    await proveConnection(hub.context, id);
    await proveConnection(hub.context, id);
    expect(await told()).toHaveLength(before + 1);
  });

  it('has its proofs of this minute, whatever was taken of that one', async () => {
    const { origin } = hub.microsoft.crm;
    await whileWrong(async () => {
      for (let proof = 0; proof < 61; proof += 1) await takeProof(hub.context, origin);
    });
    expect(await takeProof(hub.context, origin)).toBe(0);
  });

  it('notes the use of API keys again', async () => {
    const call = async () => {
      await hub.inject({ method: 'GET', url: '/api/v1/connections' });
      await hub.context.background.idle();
    };
    await whileWrong(call);
    await call();
    const key = await hub.context.store.db.selectFrom('api_keys').selectAll().executeTakeFirstOrThrow();
    expect(key.last_used_at).toBe(hub.clock.now());
  });

  it('shows no process that reported then and is gone, and forgets it', async () => {
    const process = { id: 'wrong', name: 'wrong', isOn: true, startedAt: hub.clock.now() };
    await whileWrong(() => reportProcess(hub.context, process, createKeeperRecord()));
    expect(await listProcesses(hub.context)).toEqual([]);
    await removeOldProcesses(hub.context);
    expect(await hub.context.store.db.selectFrom('keeper_processes').selectAll().execute()).toEqual([]);
  });
});
