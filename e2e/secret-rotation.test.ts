import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { HubProblemError, type Registration } from '@latchkey/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askPostgres, startPostgres, type TestPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import type { Tap, TapRequest } from './support/open-tap.ts';
import { createGraphCaller } from './support/register-app.ts';
import { registerByHub, signInForRegistration } from './support/register-by-hub.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

// The whole proof kills on PostgreSQL, too, where a killed process's hold ends by the server's clock, which no test moves:
//   LATCHKEY_PROOF=whole npm test -- e2e/secret-rotation.test.ts
const isWhole = process.env.LATCHKEY_PROOF === 'whole';

const engines = ['sqlite', 'postgres'] as const;
const tenThousand = 10_000;
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** A registration that a killed process held is taken over after this; so is its work. */
const leaseMilliseconds = 31 * second;
const patience = { timeout: 40_000, interval: 50 };
/** Of a whole test; each kill costs a hold of its own. */
const patienceWithKills = 600_000;
/** The next step of a rotation comes within this, holds that have to end included. */
const stepWithin = isWhole ? 240_000 : 60_000;
const callsAtOnce = 4;

let tapped: TappedCloud;
let folder: string;
/** Where it is null, the hubs have SQLite. */
let postgres: TestPostgres | null;
/** Has the keeper, and is killed. */
let keeper: HubProcess;
/** Serves the calls. */
let server: HubProcess;
/** How far all clocks are ahead of the machine's. */
let advanced = 0;

async function open(engine: 'sqlite' | 'postgres'): Promise<void> {
  advanced = 0;
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-rotation-'));
  postgres = engine === 'postgres' ? await startPostgres() : null;
  tapped = await startTappedCloud();
  keeper = await startHub('on');
  server = await startHub('off');
}

async function close(): Promise<void> {
  await keeper?.kill();
  await server?.stop();
  await tapped?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}

function startHub(keeperSwitch: 'on' | 'off'): Promise<HubProcess> {
  return startHubProcess(
    { dataFolder: folder, port: 0, cloud: tapped.config, advanceMilliseconds: advanced },
    {
      LATCHKEY_KEEPER: keeperSwitch,
      // The connections have no user in the CRM: nobody is to prove them there.
      LATCHKEY_PROOF_HOURS: '0',
      LATCHKEY_IDLE_PROOF_HOURS: '0',
      ...(postgres && { DATABASE_URL: postgres.url }),
    },
  );
}

async function advance(milliseconds: number, hubs = [keeper, server]): Promise<void> {
  advanced += milliseconds;
  tapped.clock.advance(milliseconds);
  for (const hub of hubs) await hub.advance(milliseconds);
}

/** Kills the keeper's process for good, and starts another once what it held is over. */
async function killAndStartAgain(): Promise<void> {
  await keeper.kill();
  if (postgres && isWhole) await sleep(leaseMilliseconds);
  else if (postgres) await endHolds();
  await advance(leaseMilliseconds, [server]);
  keeper = await startHub('on');
}

/** As if the time of PostgreSQL had gone on: of these holds all are the killed process's. */
async function endHolds(): Promise<void> {
  await execute('update registrations set lease_until = 0 where lease_until > 0');
  await execute('update due_work set claimed_until = 0 where claimed_until > 0');
}

async function execute(statements: string): Promise<void> {
  if (postgres) return askPostgres(postgres.url, statements);
  const database = new DatabaseSync(path.join(folder, 'hub.sqlite'), { timeout: 10_000 });
  try {
    database.exec(statements);
  } finally {
    database.close();
  }
}

/** Puts connections of a registration straight into the database, by one statement. @returns the first part of their ids */
async function insertConnections(registration: Registration, count: number): Promise<string> {
  const prefix = `${registration.id.slice(0, 8)}-`;
  const { id, tenantId, clientId } = registration;
  const numbers = `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`;
  await execute(
    `insert into connections (id, provider, name, description, method, environment_url, tenant_id, client_id,
       registration_id, endpoint_version, request_timeout_seconds, disabled, failed_tries, created_at, updated_at)
     ${numbers} select '${prefix}' || i, 'dynamics-365', 'Bulk', '', 'client_credentials', '${tapped.cloud.crm.http}',
       '${tenantId}', '${clientId}', '${id}', 'v2', 20, 0, 0, 0, 0 from n;
     insert into token_sets (connection_id, version, lease_until, lease_fence)
     ${numbers} select '${prefix}' || i, 0, 0, 0 from n`,
  );
  return prefix;
}

/** Calls for tokens of connections that nobody chose, again and again. @returns what ends it, and tells what failed */
function keepCalling(prefix: string): () => Promise<{ calls: number; failures: unknown[] }> {
  const told = { calls: 0, failures: [] as unknown[] };
  const over = new AbortController();
  const callers = Array.from({ length: callsAtOnce }, async () => {
    while (!over.signal.aborted) {
      const id = `${prefix}${Math.floor(Math.random() * tenThousand)}`;
      await server.client.connections.token(id).catch((error: unknown) => told.failures.push(error));
      told.calls += 1;
      await sleep(20);
    }
  });
  return async () => {
    over.abort();
    await Promise.all(callers);
    return told;
  };
}

async function keysInEntra({ applicationObjectId }: Registration): Promise<string[]> {
  const graph = await createGraphCaller(tapped.cloud);
  const { passwordCredentials } = await graph<{ passwordCredentials: { keyId: string }[] }>(
    'GET',
    `/applications/${applicationObjectId}`,
  );
  return passwordCredentials.map(({ keyId }) => keyId);
}

async function eventKinds(id: string): Promise<string[]> {
  const { items } = await server.client.registrations.events(id, { limit: 200 });
  return items.map(({ kind }) => kind).toReversed();
}

describe.each(isWhole ? engines : engines.slice(0, 1))(
  'ten thousand connections of one registration whose secret ends, on %s',
  (engine) => {
    beforeAll(() => open(engine));
    afterAll(close);

    it(
      'go on by themselves, though the hub that rotates it is killed at every step (lesson 4)',
      async () => {
        const made = await registerByHub(server.client, { secretLifetimeDays: 90 });
        const asked = await server.client.registrations.setUpAutomaticRotation(made.id, {
          administratorSignIn: 'browser',
        });
        await signInForRegistration(server.client, asked);
        const show = () => server.client.registrations.get(made.id);
        await expect.poll(async () => (await show()).rotation.mayRotate, patience).toBe(true);
        const prefix = await insertConnections(made, tenThousand);
        const endCalls = keepCalling(prefix);

        const isAdd = ({ path: where }: TapRequest) => where.endsWith('/addPassword');
        const isRemove = ({ path: where }: TapRequest) => where.endsWith('/removePassword');
        const secrets = () =>
          tapped.graph.exchanges
            .filter(({ request }) => isAdd(request))
            .map(({ answer }) => (JSON.parse(answer.body) as { secretText: string }).secretText);
        const isProof = ({ body }: TapRequest) => {
          const form = new URLSearchParams(body);
          const isOfGraph = form.get('scope')?.startsWith(tapped.config.graph) ?? false;
          return isOfGraph && form.get('client_secret') === secrets().at(-1);
        };

        // Its last third has begun.
        const begun = killAt(tapped.graph, isAdd, 'before');
        await advance(61 * day);
        await begun;
        await startUntil(killAt(tapped.graph, isAdd, 'after'));
        // The secret whose text was lost on the way is found by its name, and removed.
        await startUntil(killAt(tapped.entra, isProof, 'before'));
        await startUntil(killAt(tapped.entra, isProof, 'after'));
        await killAndStartAgain();
        await expect.poll(async () => (await show()).rotation.state, patience).toBe('retiring');
        const rotated = await show();
        expect(rotated.clientSecret?.keyId).not.toBe(made.clientSecret?.keyId);
        expect(await keysInEntra(made)).toEqual(
          expect.arrayContaining([made.clientSecret?.keyId, rotated.clientSecret?.keyId]),
        );
        expect(await keysInEntra(made)).toHaveLength(2);
        await killAndStartAgain();

        const removal = killAt(tapped.graph, isRemove, 'before');
        await advance(25 * hour);
        await removal;
        await startUntil(killAt(tapped.graph, isRemove, 'after'));
        await killAndStartAgain();
        await expect.poll(async () => (await show()).rotation.state, patience).toBe('idle');
        expect(await keysInEntra(made)).toEqual([rotated.clientSecret?.keyId]);

        // The old one would have ended by now.
        await advance(30 * day);
        await sleep(second);
        const { calls, failures } = await endCalls();
        expect(failures).toEqual([]);
        expect(calls).toBeGreaterThan(50);
        expect((await show()).alarm).toBeNull();
        const kinds = await eventKinds(made.id);
        expect(kinds.filter((kind) => kind === 'secret_rotated')).toHaveLength(1);
        expect(kinds).not.toContain('secret_refused');
        expect(kinds).not.toContain('rotation_failed');
      },
      patienceWithKills,
    );
  },
);

describe.each(engines)(
  'ten thousand connections of one registration whose secret has ended, on %s',
  (engine) => {
    beforeAll(() => open(engine));
    afterAll(close);

    it(
      'are one alarm where nobody may rotate it, and go on together with another secret (lesson 4)',
      async () => {
        const made = await registerByHub(server.client, { secretLifetimeDays: 40 });
        const prefix = await insertConnections(made, tenThousand);
        await advance(41 * day);
        const some = Array.from({ length: 100 }, (_, index) => `${prefix}${index * 97}`);
        const codeOf = (id: string) =>
          server.client.connections.token(id).then(
            () => 'good',
            (error: unknown) => (error instanceof HubProblemError ? error.problem.code : String(error)),
          );
        const before = tapped.entra.tokenRequests().length;
        expect(await codeOf(some[0] ?? '')).toBe('client_secret_expired');
        expect(new Set(await Promise.all(some.map(codeOf)))).toEqual(new Set(['client_secret_expired']));
        // The one that was asked for, and the keeper's own looks; none for each connection.
        expect(tapped.entra.tokenRequests().length - before).toBeLessThan(5);
        const shown = await server.client.registrations.get(made.id);
        expect(shown.alarm).toMatchObject({ code: 'client_secret_expired' });
        expect((await eventKinds(made.id)).filter((kind) => kind === 'secret_refused')).toHaveLength(1);
        const connection = await server.client.connections.get(some[0] ?? '');
        expect(connection.status).toMatchObject({ state: 'blocked', failure: shown.alarm });

        const graph = await createGraphCaller(tapped.cloud);
        const { secretText } = await graph<{ secretText: string }>(
          'POST',
          `/applications/${made.applicationObjectId}/addPassword`,
          { passwordCredential: { displayName: 'by hand' } },
        );
        await server.client.registrations.update(made.id, { clientSecret: secretText });
        expect(new Set(await Promise.all(some.map(codeOf)))).toEqual(new Set(['good']));
        expect((await server.client.registrations.get(made.id)).alarm).toBeNull();
      },
      patienceWithKills,
    );
  },
);

/** Kills the keeper when a request comes that fits: before it reaches Microsoft, or before its answer reaches the hub. */
function killAt(tap: Tap, fits: (request: TapRequest) => boolean, moment: 'before' | 'after'): Promise<void> {
  return new Promise((resolve, reject) => {
    tap.rule = async (request, ask, response) => {
      if (!fits(request)) return ask();
      tap.rule = null;
      if (moment === 'after') tap.exchanges.push({ request, answer: await ask() });
      await keeper.kill();
      response.destroy();
      resolve();
      return 'answered';
    };
    setTimeout(() => reject(new Error(`Nothing came to be killed ${moment}.`)), stepWithin).unref();
  });
}

/** Has another process take over, which is killed in its turn. */
async function startUntil(killed: Promise<void>): Promise<void> {
  await killAndStartAgain();
  await killed;
}
