import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { entraError } from '../connections/testing/entra-answers.ts';
import type { Fault } from '../connections/testing/scripted-server.ts';
import { forceRefresh } from './force-refresh.ts';
import { getAccessToken } from './get-access-token.ts';
import { readTokenState } from './read-token-state.ts';

const second = 1000;
const hour = 3_600_000;
const connectionCount = 30;

let hub: ConnectionHub;
let ids: string[];

beforeEach(async () => {
  hub = await createConnectionHub();
  ids = [];
  for (let made = 0; made < connectionCount; made += 1) ids.push((await makeManualConnection(hub)).id);
  hub.clock.advance(2 * hour);
});
afterEach(() => hub.close());

const requests = () => hub.microsoft.tokenRequests().length;
const answerWith = (fault: Fault) =>
  hub.microsoft.entra.fail('/token', ...Array.from({ length: 1000 }, () => fault));

/** An outage that lasts until it is ended. */
function beAway(): { end: () => void } {
  let isAway = true;
  answerWith(() => {
    const body = { token_type: 'Bearer', expires_in: 3600, access_token: hub.microsoft.accessToken() };
    return isAway ? { status: 503 } : { status: 200, body };
  });
  return {
    end: () => {
      isAway = false;
    },
  };
}
const failure = (id: string) =>
  Promise.resolve(getAccessToken(hub.context, id)).then(
    () => 'none',
    (error: Error & { code: string }) => error.code,
  );
async function failAll() {
  const codes: string[] = [];
  for (const id of ids) codes.push(await failure(id));
  return codes;
}
const events = () =>
  hub.context.store.db
    .selectFrom('events')
    .selectAll()
    .where('subject_kind', '=', 'hub')
    .orderBy('happened_at')
    .execute();
const linesWith = (text: string) => hub.logLines.filter((line) => line.includes(text)).length;

it.each<[string, Fault]>([
  ['answers with failures', { status: 503 }],
  ['cuts connections', 'cut_off'],
])(
  'costs a handful of requests and one alarm while it %s, however many connections are due',
  async (_case, fault) => {
    answerWith(fault);
    expect(new Set(await failAll())).toEqual(new Set(['token_endpoint_unavailable']));
    expect(requests()).toBe(5);
    for (let minute = 0; minute < 10; minute += 1) {
      hub.clock.advance(60 * second);
      await failAll();
    }
    expect(requests()).toBeLessThanOrEqual(5 + 10);
    await hub.context.background.idle();
    expect(linesWith('the authority is away')).toBe(1);
    expect((await events()).map(({ kind }) => kind)).toEqual(['authority_away']);
    const { db } = hub.context.store;
    const told = await db.selectFrom('events').selectAll().where('kind', '=', 'refresh_failed').execute();
    expect(told.length).toBeLessThanOrEqual(5 + 10);
  },
);

it('is told to have been away once it is back, and all connections come back', async () => {
  const outage = beAway();
  await failAll();
  outage.end();
  const answered = () => linesWith('the authority is back');
  for (let round = 0; round < 40; round += 1) {
    hub.clock.advance(5 * second);
    await failAll();
  }
  expect(new Set(await failAll())).toEqual(new Set(['none']));
  expect(answered()).toBe(1);
  await hub.context.background.idle();
  expect(await events()).toMatchObject([
    { kind: 'authority_away', subject_kind: 'hub' },
    { kind: 'authority_back', summary: `${hub.microsoft.entra.origin} answers again, after 5 s.` },
  ]);
});

it('says since when it has been away and when to come again, and counts no try for who was kept back', async () => {
  beAway();
  for (const id of ids.slice(0, 5)) await failure(id);
  const away = hub.clock.now();
  hub.clock.advance(second);
  const id = ids[9] ?? '';
  const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token` });
  expect(answer.statusCode).toBe(503);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(4);
  expect(answer.json().detail).toBe(
    `${hub.microsoft.entra.origin} has not answered since ${new Date(away).toISOString()}; the hub asks it now and then until it does.`,
  );
  const { connection } = await readTokenState(hub.context, id);
  expect(connection).toMatchObject({ failure_state: 'failing', failed_tries: 0 });
  expect(connection.next_try_at).toBeGreaterThanOrEqual(hub.clock.now() + 4 * second);
});

it('is asked where a person wants it', async () => {
  const outage = beAway();
  await failAll();
  outage.end();
  await forceRefresh(hub.context, ids[20] ?? '');
  expect(requests()).toBe(6);
});

it.each<[string, Fault]>([
  ['refuses', entraError(400, 'invalid_grant', 50173)],
  ['asks for patience', { status: 429, headers: { 'retry-after': '60' } }],
  ['is answered for by a page', { status: 200, body: '<html>Login</html>' }],
])('is not away when it %s', async (_case, fault) => {
  answerWith(fault);
  await failAll();
  expect(requests()).toBe(connectionCount);
  expect(linesWith('the authority is away')).toBe(0);
});
