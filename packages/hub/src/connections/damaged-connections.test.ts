import type { Connection } from '@latchkey/api';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError, toFailure } from '../errors/hub-error.ts';
import { damageRow } from '../testing/damage-row.ts';
import { listPageByPage } from '../testing/list-page-by-page.ts';
import { type TestEngine, testEngines } from '../testing/test-database.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  showConnection,
  signIn,
} from './testing/create-connection-hub.ts';
import { clientSecret } from './testing/scripted-microsoft.ts';

let hub: ConnectionHub;

async function open(engine: TestEngine): Promise<void> {
  hub = await createConnectionHub({ engine });
}
afterEach(() => hub.close());

async function list(): Promise<Connection[]> {
  const answer = await hub.inject({ method: 'GET', url: '/api/v1/connections' });
  expect(answer.statusCode).toBe(200);
  return answer.json<{ items: Connection[] }>().items;
}

const refresh = (id: string) => hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
const facts = async (id: string) =>
  (await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token-facts` })).json<{
    expiresAt: string;
  }>();

describe('a lifetime from outside', () => {
  beforeEach(() => open('sqlite'));

  it.each([
    ['a number out of bounds', { expires_in: 1e18 }, {}, '10:00'],
    ['a text', { expires_in: 'soon' }, {}, '10:00'],
    ['a negative number', { expires_in: -5 }, {}, '10:00'],
    ['nothing', { expires_in: undefined }, {}, '10:00'],
    ['digits in a text, as v1 sends them', { expires_in: '1800' }, {}, '09:30'],
    ['less than the token says', { expires_in: 600 }, { exp: Date.UTC(2026, 10, 2, 9, 30) / 1000 }, '09:10'],
    [
      'milliseconds, which the token itself tells better',
      { expires_in: 3_600_000 },
      { exp: Date.UTC(2026, 10, 2, 9, 30) / 1000 },
      '09:30',
    ],
    ['a good one beside an end of 1e30', { expires_in: 600 }, { exp: 1e30 }, '09:10'],
    [
      'a good one beside an end in microseconds',
      { expires_in: 600 },
      { exp: Date.UTC(2026, 10, 2) * 1000 },
      '09:10',
    ],
    ['neither of both', { expires_in: 'soon' }, { exp: -1, iat: 1e300 }, '10:00'],
  ])('is taken where it is usable: %s', async (_what, answer, claims, end) => {
    const { id } = await makeManualConnection(hub);
    Object.assign(hub.microsoft, { answer, claims });
    expect((await refresh(id)).statusCode).toBe(200);
    expect((await facts(id)).expiresAt).toBe(`2026-11-02T${end}:00.000Z`);
    expect(await list()).toMatchObject([{ id, status: { nextRefreshAt: expect.any(String) } }]);
  });

  it('is taken from a token typed by hand where it is usable', async () => {
    const { id } = await makeManualConnection(hub, { accessToken: hub.microsoft.accessToken({ exp: 1e30 }) });
    expect((await facts(id)).expiresAt).toBe('2026-11-02T10:00:00.000Z');
    expect(await list()).toHaveLength(1);
  });

  it('never stores a row that the list can’t show, whatever comes', async () => {
    const { id } = await makeManualConnection(hub);
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.bigInt().map(String));
    await fc.assert(
      fc.asyncProperty(value, value, value, async (expiresIn, exp, upn) => {
        hub.microsoft.answer = { expires_in: expiresIn };
        Object.assign(hub.microsoft, { claims: { exp, iat: exp, upn } });
        expect((await refresh(id)).statusCode).toBeLessThan(500);
        expect(await list()).toMatchObject([{ id, status: { failure: null } }]);
        expect((await facts(id)).expiresAt).toMatch(/^\d{4}-/);
      }),
      { numRuns: 60 },
    );
  });

  it('does not keep what no database keeps of who signed in', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    hub.microsoft.claims = { upn: 'a\0b' };
    await signIn(hub, id);
    expect(await showConnection(hub, id)).toMatchObject({ user: null });
  });
});

describe.each(testEngines)('a damaged row on %s', (engine) => {
  beforeEach(() => open(engine));

  it.each([
    ['token_sets', { expires_at: 1e16, obtained_at: 1e16 }],
    ['token_sets', { facts: '{', expires_at: -1 }],
    ['connections', { last_failure: '{"code":"crm_ref', failure_state: 'failing' }],
    ['connections', { created_at: 1e16 }],
    ['connections', { token_url: null, last_proven_at: -1 }],
    ['connections', { method: 'carrier_pigeon' }],
    ['connections', { endpoint_version: 'v3' }],
    [
      'connections',
      { last_failure: JSON.stringify(toFailure(new HubError('crm_timeout'))), failure_state: 'odd' },
    ],
    // Columns of SQLite hold what is put into them.
    ...(engine === 'sqlite'
      ? ([
          // Integers of this size make Node's SQLite refuse the whole answer.
          ['token_sets', { expires_at: 1e30, obtained_at: 1e30 }],
          ['connections', { request_timeout_seconds: 'soon' }],
          ['connections', { description: sql.raw("x'00'") }],
        ] as const)
      : []),
  ] as const)('of %s stays with its own connection: %j', async (table, values) => {
    const { id } = await makeManualConnection(hub, { name: 'damaged' });
    hub.clock.advance(1);
    await makeManualConnection(hub, { name: 'sound' });
    await damageRow(hub, table, table === 'connections' ? { id } : { connection_id: id }, values);

    const shown = await list();
    expect(shown.map(({ name }) => name).toSorted()).toEqual(['damaged', 'sound']);
    const damage = {
      state: 'blocked',
      whoActs: 'operator',
      failure: { code: 'stored_data_damaged', remedy: expect.stringContaining('delete') },
    };
    expect(shown.find(({ name }) => name === 'damaged')?.status).toMatchObject(damage);
    expect(shown.find(({ name }) => name === 'sound')?.status.failure).toBeNull();
    expect((await showConnection(hub, id)).status).toMatchObject(damage);

    const deleted = await hub.inject({ method: 'DELETE', url: `/api/v1/connections/${id}` });
    expect(deleted.statusCode).toBe(204);
    expect(await list()).toHaveLength(1);
  });

  it('names the field that holds none of its values', async () => {
    const { id } = await makeManualConnection(hub);
    await damageRow(hub, 'connections', { id }, { method: 'carrier_pigeon' });
    const { method, status } = await showConnection(hub, id);
    expect(method).toBe('manual');
    expect(status.reason).toBe('What is stored for method is none of its values.');
  });

  it('is told of by the test, too, whose steps have nothing to record', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    const lastFailure = JSON.stringify(toFailure(new HubError('crm_timeout')));
    await damageRow(hub, 'connections', { id }, { last_failure: lastFailure, failure_state: 'odd' });
    const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/test` });
    expect(answer.json()).toMatchObject({
      code: 'stored_data_damaged',
      detail: 'The column connections.failure_state holds none of its values.',
    });
  });

  it('is mended by a sign-in, when it was the tokens', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    await signIn(hub, id);
    await damageRow(hub, 'token_sets', { connection_id: id }, { facts: '{', expires_at: 1e16 });
    const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token-facts` });
    expect(answer.json()).toMatchObject({ code: 'stored_data_damaged' });
    await signIn(hub, id);
    expect(await showConnection(hub, id)).toMatchObject({ status: { failure: null } });
    expect((await facts(id)).expiresAt).toBe('2026-11-02T10:00:00.000Z');
  });

  it.each([1e18, -1, ...(engine === 'sqlite' ? [1e30, 1.5, 'soon'] : [])])(
    'does not stop the pages after it: created at %j',
    async (createdAt) => {
      for (const name of ['first', 'second', 'third']) {
        const { id } = await makeConnection(hub, { method: 'sign_in', name });
        if (name !== 'third') await damageRow(hub, 'connections', { id }, { created_at: createdAt });
      }
      const names = await listPageByPage(hub, '/api/v1/connections');
      expect(names.toSorted()).toEqual(['first', 'second', 'third']);
    },
  );

  it('is none where a cursor is made up', async () => {
    await makeConnection(hub, { method: 'sign_in' });
    const createdAt = fc.oneof(fc.double(), fc.bigInt().map(Number), fc.string(), fc.constant(2 ** 63));
    const cursor = fc.oneof(
      fc.tuple(createdAt, fc.string({ unit: 'binary' })).map((parts) => JSON.stringify(parts)),
      fc.json(),
      fc.constant('[1e400,"x"]'),
    );
    await fc.assert(
      fc.asyncProperty(
        cursor,
        fc.constantFrom('connections', 'registrations', 'api-keys'),
        async (text, collection) => {
          const query = { cursor: Buffer.from(text).toString('base64url') };
          const answer = await hub.inject({ method: 'GET', url: `/api/v1/${collection}`, query });
          expect(answer.statusCode).toBeOneOf([200, 400, 422]);
        },
      ),
    );
  });
});
