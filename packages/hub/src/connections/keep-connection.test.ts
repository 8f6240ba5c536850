import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scheduleWork } from '../due-work/schedule-work.ts';
import { runDueWork } from '../due-work/testing/run-due-work.ts';
import { HubError } from '../errors/hub-error.ts';
import { endSecretFailures } from '../evidence/end-secret-failures.ts';
import { recordFailure } from '../evidence/record-evidence.ts';
import { damageRow } from '../testing/damage-row.ts';
import { testEngines } from '../testing/test-database.ts';
import { writeUses } from '../tokens/connection-uses.ts';
import { createConnection } from './create-connection.ts';
import { connectionUpkeep } from './keep-connection.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  showConnection,
  signIn,
} from './testing/create-connection-hub.ts';
import { entraError } from './testing/entra-answers.ts';
import { clientId, clientSecret } from './testing/scripted-microsoft.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe.each(testEngines)('the keeper of connections on %s', (engine) => {
  let hub: ConnectionHub;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
  });
  afterEach(async () => {
    await hub.close();
  });

  async function signedIn(): Promise<string> {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    await signIn(hub, id);
    return id;
  }
  /** One with tokens that nobody has tested. */
  function saved(): Promise<string> {
    const { crm } = hub.microsoft;
    const tokens = { accessToken: hub.microsoft.accessToken(), refreshToken: 'first-refresh-token' };
    const input = {
      method: 'manual',
      environmentUrl: crm.origin,
      clientId,
      clientSecret,
      ...tokens,
    } as const;
    return createConnection(hub.context, input, null);
  }
  const keep = (context = hub.context) => runDueWork(context, [connectionUpkeep(context)]);
  function proveNothing(): void {
    hub.context.config.keeper = {
      isOn: false,
      proofs: { inUseMilliseconds: null, idleMilliseconds: null, perEnvironmentMinute: 60 },
    };
  }
  const requests = () => hub.microsoft.tokenRequests();
  const whoAmIs = () => hub.microsoft.crm.requests.filter(({ path }) => path.endsWith('/WhoAmI'));
  const url = (id: string, rest = '') => `/api/v1/connections/${id}${rest}`;
  /** A second after whatever was before, so that it does not come from memory. */
  function use(id: string) {
    hub.clock.advance(1000);
    return hub.inject({ method: 'GET', url: url(id, '/token') });
  }
  const dueAt = async (id: string) =>
    (
      await hub.context.store.db
        .selectFrom('due_work')
        .select('due_at')
        .where('subject_id', '=', id)
        .executeTakeFirst()
    )?.due_at;

  /** Time passes for a hub whose keeper looks every so often. */
  async function pass(milliseconds: number, step: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += step) {
      hub.clock.advance(step);
      await keep();
    }
  }

  it('has the next token ready before the one in use ends, with nobody waiting for it', async () => {
    const id = await signedIn();
    await use(id);
    await writeUses(hub.context);
    const before = requests().length;
    await pass(50 * minute, 10 * minute);
    await pass(6 * minute, minute);
    expect(requests()).toHaveLength(before + 1);
    hub.clock.advance(10 * minute);
    expect((await use(id)).statusCode).toBe(200);
    expect(requests()).toHaveLength(before + 1);
  });

  it('refreshes ahead for a day after the last use, then no more than proofs need', async () => {
    const id = await signedIn();
    await use(id);
    await writeUses(hub.context);
    const before = requests().length;
    await pass(day, 5 * minute);
    const inUse = requests().length - before;
    expect(inUse).toBeGreaterThanOrEqual(24);
    expect(inUse).toBeLessThanOrEqual(30);
    await pass(day, 5 * minute);
    expect(requests().length - before - inUse).toBeLessThanOrEqual(2);
  });

  it('keeps the grant of a connection that nobody uses alive for a year (lesson 9)', async () => {
    const id = await signedIn();
    proveNothing();
    const ages: number[] = [];
    let usedAt = hub.clock.now();
    for (let passed = 0; passed < 365 * day; passed += 6 * hour) {
      const before = requests().length;
      hub.clock.advance(6 * hour);
      await keep();
      if (requests().length === before) continue;
      ages.push(hub.clock.now() - usedAt);
      usedAt = hub.clock.now();
    }
    expect(ages.length).toBeGreaterThanOrEqual(12);
    expect(Math.max(...ages)).toBeLessThan(31 * day);
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'ready' } });
  });

  it('uses the grant of a single page app at half of its life', async () => {
    hub.microsoft.answer = { refresh_token_expires_in: 86_400 };
    await signedIn();
    proveNothing();
    const before = requests().length;
    await pass(9 * hour, hour);
    expect(requests()).toHaveLength(before);
    await pass(3 * hour, hour);
    expect(requests()).toHaveLength(before + 1);
  });

  it('forgets how long a grant lives when the next one does not say so', async () => {
    hub.microsoft.answer = { refresh_token_expires_in: 86_400 };
    const id = await signedIn();
    hub.microsoft.answer = {};
    proveNothing();
    await pass(12 * hour, hour);
    expect(await dueAt(id)).toBeGreaterThan(hub.clock.now() + 20 * day);
  });

  it('proves an idle connection every day by WhoAmI alone, and counts that as no use', async () => {
    const id = await signedIn();
    const before = { whoAmIs: whoAmIs().length, crm: hub.microsoft.crm.requests.length };
    await pass(5 * day, hour);
    const proofs = whoAmIs().length - before.whoAmIs;
    expect(proofs).toBe(5);
    expect(hub.microsoft.crm.requests.length - before.crm).toBe(proofs);
    await writeUses(hub.context);
    const { last_used_at: lastUsedAt } = await hub.context.store.db
      .selectFrom('connections')
      .select('last_used_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(lastUsedAt).toBeNull();
    const { status } = await showConnection(hub, id);
    expect(status.state).toBe('ready');
    expect(Date.parse(status.lastProvenAt ?? '')).toBeGreaterThan(hub.clock.now() - day);
  });

  it('says when it proves next, and that a state is older than it should be (lesson 10)', async () => {
    const id = await signedIn();
    await pass(minute, minute);
    const { status } = await showConnection(hub, id);
    const nextProofAt = Date.parse(status.nextProofAt ?? '');
    expect(nextProofAt).toBeGreaterThan(hub.clock.now() + 21 * hour);
    expect(await dueAt(id)).toBe(nextProofAt);
    expect(status.proofOverdueSince).toBeNull();
    hub.clock.advance(91 * day);
    const { status: old } = await showConnection(hub, id);
    expect(old.proofOverdueSince).toBe(new Date(hub.clock.now() - minute - 90 * day).toISOString());
    expect(old.reason).toContain('the hub’s keeper has not come to it yet, or is switched off');
    // What is shown as next is what is due, not a time of ninety days ago that nobody keeps.
    expect(old.nextRefreshAt).toBe(old.nextProofAt);
  });

  it('takes up the connections of a registration whose secret was refused', async () => {
    const id = await signedIn();
    const { db } = hub.context.store;
    await db.updateTable('connections').set({ registration_id: 'r', sealed_client_secret: null }).execute();
    await db.deleteFrom('due_work').execute();
    await endSecretFailures(db, hub.context, 'another');
    expect(await dueAt(id)).toBeUndefined();
    await endSecretFailures(db, hub.context, 'r');
    const takenUpAt = await dueAt(id);
    expect(takenUpAt).toBeGreaterThanOrEqual(hub.clock.now());
    expect(takenUpAt).toBeLessThan(hub.clock.now() + 5 * minute);
  });

  it('proves with the token that is there while that lives', async () => {
    const id = await signedIn();
    await use(id);
    await writeUses(hub.context);
    hub.microsoft.answer = { expires_in: 86_400 };
    await hub.inject({ method: 'POST', url: url(id, '/refresh') });
    const before = { requests: requests().length, whoAmIs: whoAmIs().length };
    await pass(6 * hour, hour);
    expect(whoAmIs()).toHaveLength(before.whoAmIs + 1);
    expect(requests()).toHaveLength(before.requests);
  });

  it('proves what was saved and not tested', async () => {
    const id = await saved();
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'failing' } });
    await pass(minute, minute);
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'ready' } });
  });

  it('records what a proof finds, tries again, and finds it mended (lesson 10)', async () => {
    const id = await signedIn();
    hub.microsoft.crm.fail('/WhoAmI', { status: 503 });
    const before = whoAmIs().length;
    for (let passed = 0; passed < day && whoAmIs().length === before; passed += hour) await pass(hour, hour);
    expect(await showConnection(hub, id)).toMatchObject({
      status: { state: 'failing', failure: { code: 'crm_unavailable' }, nextTryAt: expect.any(String) },
    });
    await pass(10 * minute, minute);
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'ready', failure: null } });
  });

  it('tries again where Microsoft failed in passing, without anybody asking', async () => {
    const id = await signedIn();
    await use(id);
    await writeUses(hub.context);
    hub.microsoft.entra.fail('/token', { status: 503 });
    hub.clock.advance(hour);
    await keep();
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'failing' } });
    const failedTries = requests().length;
    await keep();
    expect(requests()).toHaveLength(failedTries);
    await pass(2000, 1000);
    expect(requests()).toHaveLength(failedTries + 1);
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'ready' } });
  });

  it('tries again by itself where it was somebody else’s call that failed in passing', async () => {
    const id = await signedIn();
    await pass(minute, minute);
    await recordFailure(hub.context, id, new HubError('crm_timeout'));
    expect(await dueAt(id)).toBeLessThanOrEqual(hub.clock.now() + 10 * minute);
    expect(await dueAt(id)).toBeGreaterThanOrEqual(hub.clock.now() + 5 * minute);
    await pass(10 * minute, minute);
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'ready' } });
    hub.clock.advance(2 * hour);
    hub.microsoft.entra.fail('/token', { status: 503 });
    expect((await use(id)).statusCode).toBe(503);
    expect(await dueAt(id)).toBeLessThanOrEqual(hub.clock.now() + 1000);
  });

  it('asks nobody after a refusal for good, and goes on by itself after a sign-in', async () => {
    const id = await signedIn();
    await use(id);
    await writeUses(hub.context);
    hub.microsoft.entra.fail('/token', entraError(400, 'invalid_grant', 50173));
    await pass(hour, 10 * minute);
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'needs_sign_in' } });
    const before = requests().length;
    await pass(5 * day, 6 * hour);
    expect(requests()).toHaveLength(before);
    expect(await dueAt(id)).toBeUndefined();
    await signIn(hub, id);
    await pass(3 * day, hour);
    expect(requests().length).toBeGreaterThan(before + 2);
    expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'ready' } });
  });

  it('lets a disabled connection be, and takes it up when it is enabled', async () => {
    const id = await signedIn();
    const change = (payload: object) => hub.inject({ method: 'PATCH', url: url(id), payload });
    await change({ disabled: true });
    expect(await dueAt(id)).toBeUndefined();
    await change({ disabled: false });
    expect(await dueAt(id)).toBeGreaterThan(hub.clock.now());
  });

  it('has nothing to do for a connection that was deleted', async () => {
    const id = await signedIn();
    const handler = connectionUpkeep(hub.context);
    await hub.inject({ method: 'DELETE', url: url(id) });
    expect(await dueAt(id)).toBeUndefined();
    expect(await handler.run(id, new AbortController().signal)).toBeNull();
  });

  it('takes up what an answer of the environment has ended', async () => {
    const id = await signedIn();
    await recordFailure(hub.context, id, new HubError('crm_refused'));
    await hub.context.store.db.deleteFrom('due_work').execute();
    await hub.inject({ method: 'GET', url: url(id, '/proxy/api/data/v9.2/accounts') });
    await hub.context.background.idle();
    expect(await dueAt(id)).toBeDefined();
  });

  it('says so where the stored token can’t be opened', async () => {
    const id = await signedIn();
    await use(id);
    await writeUses(hub.context);
    const { db } = hub.context.store;
    const ends = { expires_at: hub.clock.now() + 10 * day };
    await db
      .updateTable('token_sets')
      .set({ sealed_access_token: 'torn', ...ends })
      .execute();
    hub.context.tokenMemory.forget(id);
    await pass(6 * hour, hour);
    expect(await showConnection(hub, id)).toMatchObject({
      status: { state: 'blocked', failure: { code: 'vault_unreadable' } },
    });
  });

  it('leaves a damaged connection alone, and does the others', async () => {
    const damaged = await signedIn();
    const good = await signedIn();
    await damageRow(hub, 'connections', { id: damaged }, { last_failure: '{', failure_state: 'failing' });
    const before = whoAmIs().length;
    await pass(day, 6 * hour);
    expect(await dueAt(damaged)).toBeUndefined();
    expect(whoAmIs().length).toBeGreaterThan(before);
    expect(await showConnection(hub, good)).toMatchObject({ status: { state: 'ready' } });
  });

  it('gives an environment no more proofs in a minute than it is told, and all in the end', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) ids.push(await saved());
    const { config } = hub.context;
    const proofs = { ...config.keeper.proofs, perEnvironmentMinute: 3 };
    const context = { ...hub.context, config: { ...config, keeper: { ...config.keeper, proofs } } };
    const minutes: number[] = [];
    for (let passed = 0; passed < 10; passed += 1) {
      const before = whoAmIs().length;
      hub.clock.advance(minute);
      await keep(context);
      minutes.push(whoAmIs().length - before);
    }
    expect(Math.max(...minutes)).toBe(3);
    expect(minutes.reduce((sum, one) => sum + one, 0)).toBe(ids.length);
  });

  it('refreshes on time though an environment’s proofs are taken for long', async () => {
    const id = await signedIn();
    const { config, databaseNow } = hub.context;
    const proofs = { ...config.keeper.proofs, perEnvironmentMinute: 1 };
    const context = { ...hub.context, config: { ...config, keeper: { ...config.keeper, proofs } } };
    const { crm } = hub.microsoft;
    const grantEndsAt = hub.clock.now() + 4 * day;
    await hub.context.store.db
      .updateTable('token_sets')
      .set({ refresh_token_expires_at: grantEndsAt })
      .execute();
    hub.clock.advance(day);
    // Thousands of others have come before it.
    const minuteNow = sql<number>`(${databaseNow()}) / ${sql.lit(minute)}`;
    const taken = { environment_url: crm.origin, minute: minuteNow, taken: 10_000 };
    await hub.context.store.db
      .insertInto('proof_budgets')
      .values(taken)
      .onConflict((conflict) => conflict.column('environment_url').doUpdateSet(taken))
      .execute();
    await scheduleWork(context.store.db, { kind: 'connection', subjectId: id, dueAt: hub.clock.now() });
    await keep(context);
    expect(await dueAt(id)).toBeLessThan(grantEndsAt);
  });
});
