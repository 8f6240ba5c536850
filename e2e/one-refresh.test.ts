import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { HubProblemError } from '@latchkey/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import { connectPerson } from './support/connect-person.ts';
import type { TapRule } from './support/open-tap.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

// The whole proof, a hundred times with a thousand callers each (some minutes):
//   LATCHKEY_PROOF=whole npm test -- e2e/one-refresh.test.ts
const isWhole = process.env.LATCHKEY_PROOF === 'whole';
const roundsOfEach = isWhole ? 20 : 4;
const longestMode = isWhole ? 600_000 : 120_000;
const mostCallers = 1000;
/** One round in each mode has them all; the others of the short proof have fewer. */
const fewCallers = isWhole ? mostCallers : 100;

/** What a caller may be told besides, in the whole proof: on a busy machine a statement takes longer than it may. */
const tolerated = isWhole ? 'store_unavailable' : null;

const keyBytes = 32;
/** Longer than a lease, in the whole proof: it has to be renewed. */
const slowMilliseconds = isWhole ? 7000 : 1500;
const minute = 60_000;
const hour = 60 * minute;
/** How far the hubs' clocks are from the right time: two minutes apart each. */
const clockErrors = [-3 * minute, -minute, minute, 3 * minute];
/** Longer than a client waits for a token: the hub's own timeout towards Microsoft is 20 s. */
const patience = 30_000;

/** A refresh token dies with its use, and its second use ends the sign-in: who sends two requests loses the connection. */
const strictContoso = {
  displayName: 'Contoso',
  domains: ['contoso.onmicrosoft.com'],
  policy: { refreshTokenReuse: 'ends_grant' as const },
};

type Outcome = { accessToken: string } | { code: string; retryAfterSeconds: number | undefined };

describe('four processes on one PostgreSQL, whose clocks are two minutes apart', () => {
  let postgres: TestPostgres;
  let tapped: TappedCloud;
  let folder: string;
  let hubs: HubProcess[];
  let connectionId: string;

  beforeAll(async () => {
    [postgres, tapped] = await Promise.all([
      startPostgres(),
      startTappedCloud({ seed: { tenants: [strictContoso] } }),
    ]);
    folder = await mkdtemp(path.join(tmpdir(), 'latchkey-one-refresh-'));
    const environment = {
      DATABASE_URL: postgres.url,
      LATCHKEY_KEYS: `shared:${randomBytes(keyBytes).toString('base64')}`,
    };
    hubs = await Promise.all(
      clockErrors.map((_error, index) =>
        startHubProcess(
          { dataFolder: path.join(folder, `${index}`), port: 0, cloud: tapped.config },
          environment,
        ),
      ),
    );
    for (const [index, hub] of hubs.entries()) await hub.advance(clockErrors[index] ?? 0);
    const { client } = hubAt(0);
    connectionId = (await connectPerson({ client, cloud: tapped.cloud })).connection.id;
  });
  afterAll(async () => {
    await Promise.all((hubs ?? []).map((hub) => hub.stop()));
    await tapped?.close();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function hubAt(index: number): HubProcess {
    const hub = hubs[index % hubs.length];
    if (!hub) throw new Error('No hub was started.');
    return hub;
  }

  async function advanceAll(milliseconds: number): Promise<void> {
    tapped.clock.advance(milliseconds);
    await Promise.all(hubs.map((hub) => hub.advance(milliseconds)));
  }

  const requests = () => tapped.entra.tokenRequests().length;

  async function ask(index: number): Promise<Outcome> {
    try {
      const signal = AbortSignal.timeout(patience);
      return await hubAt(index).client.connections.token(connectionId, { signal });
    } catch (error) {
      if (!(error instanceof HubProblemError)) throw error;
      const { code, retryAfterSeconds } = error.problem;
      return { code, retryAfterSeconds };
    }
  }

  /** The rule for the token endpoint, which answers only when all have asked. */
  async function askAtOnce(callers: number, rule: TapRule): Promise<{ outcomes: Outcome[]; sent: number }> {
    await advanceAll(2 * hour);
    const before = requests();
    const everybodyAsked = Promise.withResolvers<void>();
    tapped.entra.rule = async (...words) => {
      await everybodyAsked.promise;
      return rule(...words);
    };
    const asked = Array.from({ length: callers }, (_, index) => ask(index));
    // A hub that has answered this has taken in what came before.
    for (const { client } of hubs) await client.connections.get(connectionId);
    everybodyAsked.resolve();
    const outcomes = await Promise.all(asked);
    tapped.entra.rule = null;
    return { outcomes, sent: requests() - before };
  }

  const modes: [string, TapRule, string][] = [
    ['is well', (_request, send) => send(), 'a token'],
    [
      'is slow',
      async (_request, send) => {
        const answer = await send();
        await sleep(slowMilliseconds);
        return answer;
      },
      'a token',
    ],
    ['fails', async () => ({ status: 503, headers: new Headers(), body: '' }), 'token_endpoint_unavailable'],
    [
      'fails late',
      async () => {
        await sleep(slowMilliseconds);
        return { status: 500, headers: new Headers(), body: 'oops' };
      },
      'token_endpoint_unavailable',
    ],
    [
      'resets the connection',
      async (_request, _send, response) => {
        response.destroy();
        return 'answered';
      },
      'token_endpoint_unavailable',
    ],
  ];

  it.each(modes)(
    'send one request for a thousand callers where Microsoft %s',
    async (_mode, rule, expected) => {
      for (let round = 0; round < roundsOfEach; round += 1) {
        const callers = round === 0 ? mostCallers : fewCallers;
        const { outcomes, sent } = await askAtOnce(callers, rule);
        expect(sent).toBe(1);
        const told = new Set(outcomes.map((outcome) => ('code' in outcome ? outcome.code : 'a token')));
        expect([...told].filter((what) => what !== expected && what !== tolerated)).toEqual([]);
        const tokens = new Set(
          outcomes.flatMap((outcome) => ('accessToken' in outcome ? [outcome.accessToken] : [])),
        );
        expect(tokens.size).toBe(expected === 'a token' ? 1 : 0);
        const waits = outcomes
          .filter((outcome) => 'code' in outcome && outcome.code === expected)
          .map((outcome) => ('code' in outcome ? (outcome.retryAfterSeconds ?? 0) : 0));
        expect(waits.filter((seconds) => seconds < 1)).toEqual([]);
      }
      // Nothing was lost: with an authority that is well all have a token again.
      const { outcomes, sent } = await askAtOnce(hubs.length, (_request, send) => send());
      expect(outcomes.every((outcome) => 'accessToken' in outcome)).toBe(true);
      expect(sent).toBe(1);
      const { status } = await hubAt(0).client.connections.get(connectionId);
      expect(status.failure).toBeNull();
    },
    longestMode,
  );
});
