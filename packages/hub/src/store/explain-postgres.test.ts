import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../ground/clock.ts';
import { systemRandom } from '../ground/random.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { explainConnectFailure, explainTableFailure } from './explain-postgres.ts';
import { openPostgres } from './open-postgres.ts';
import { openStore } from './open-store.ts';
import type { StoreError } from './store-error.ts';

/** A database that belongs to somebody else, and a user who may connect and no more. */
let ownerUrl: string;
let userUrl: string;
let user: string;
let waits: number;

beforeEach(async () => {
  ownerUrl = await createTestDatabase();
  user = `user "${randomBytes(4).toString('hex')}"`;
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(user);
  userUrl = url.href;
  waits = 0;
  // As PostgreSQL 15 and later begin.
  await asOwner(`create role ${quoted()} login; revoke create on schema public from public`);
});

const quoted = (name = user) => `"${name.replaceAll('"', '""')}"`;

async function asOwner(statements: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}

async function open(databaseUrl = userUrl): Promise<string[]> {
  const store = await openStore({
    config: { databaseUrl, dataFolder: '/nowhere' },
    clock: systemClock,
    random: systemRandom,
    sleep: async () => {
      waits += 1;
    },
  });
  const tables = await store.db.introspection.getTables();
  await store.close();
  return [...new Set(tables.map(({ schema }) => schema ?? ''))];
}

/** @returns the statement that the failure names */
async function refusal(code: string, databaseUrl = userUrl): Promise<string> {
  const failure = await open(databaseUrl).then(
    () => undefined,
    (error: StoreError) => error,
  );
  expect(failure).toMatchObject({ name: 'StoreError', code });
  expect(waits).toBe(0);
  return failure?.remedy ?? '';
}

describe('a database of another owner', () => {
  it('is used once the owner has run what the failure names', async () => {
    const remedy = await refusal('database_forbidden');
    const [grant = ''] = /GRANT USAGE, CREATE ON SCHEMA "public" TO "user ""\w+""";/.exec(remedy) ?? [];
    await asOwner(grant);
    expect(await open()).toEqual(['public']);
  });

  it('is used by a schema of the user’s own', async () => {
    const remedy = await refusal('database_forbidden');
    const [create = ''] = /CREATE SCHEMA AUTHORIZATION "user ""\w+""";/.exec(remedy) ?? [];
    await asOwner(create);
    expect(await open()).toEqual([user]);
    expect(await open()).toEqual([user]);
  });

  it('is used by a schema that the address names', async () => {
    await asOwner(`create schema "of the hub" authorization ${quoted()}`);
    const options = encodeURIComponent('-c search_path="of\\ the\\ hub"');
    expect(await open(`${userUrl}?options=${options}`)).toEqual(['of the hub']);
  });

  it('names the rights on tables that somebody else has made', async () => {
    await open(ownerUrl);
    await asOwner(`grant create on schema public to ${quoted()}`);
    const grant = await refusal('database_forbidden');
    await asOwner(grant.replace('Let the owner run: ', ''));
    expect(await open()).toEqual(['public']);
  });

  it('names the right to connect', async () => {
    const database = new URL(ownerUrl).pathname.slice(1);
    await asOwner(`revoke connect on database ${database} from public`);
    expect(await refusal('database_forbidden')).toContain(
      `GRANT CONNECT ON DATABASE "${database}" TO ${quoted()};`,
    );
  });

  it.each(['my data', '50%off'])(
    'names the right to connect as it is stored, not as a URL has it: %s',
    async (name) => {
      const other = `${name} ${user}`;
      await asOwner(`create role ${quoted(other)} login`);
      await asOwner(`create database ${quoted(other)}`);
      await asOwner(`revoke connect on database ${quoted(other)} from public`);
      const url = new URL(userUrl);
      url.username = other;
      url.pathname = other;
      expect(await refusal('database_forbidden', url.href)).toContain(
        `GRANT CONNECT ON DATABASE ${quoted(other)} TO ${quoted(other)};`,
      );
    },
  );

  it('that has no schema at all is told how to get one', async () => {
    await asOwner('drop schema public cascade');
    expect(await refusal('database_forbidden')).toContain(`CREATE SCHEMA AUTHORIZATION ${quoted()};`);
  });
});

it('a server that takes no changes is told from one that refuses the user', async () => {
  const url = `${ownerUrl}?options=${encodeURIComponent('-c default_transaction_read_only=on')}`;
  expect(await refusal('database_read_only', url)).toContain('primary');
});

it.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', 'database_untrusted'],
  ['CERT_HAS_EXPIRED', 'database_certificate_wrong'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'database_certificate_wrong'],
  ['ECONNREFUSED', 'database_unreachable'],
])('%s on the way there is %s, told without the password', (code, expected) => {
  const cause = Object.assign(new Error('secret'), { code });
  expect(explainConnectFailure(cause, 'postgres://hub:secret@db.example:6432/latchkey')).toMatchObject({
    code: expected,
    message: expect.stringMatching(new RegExp(`: db\\.example:6432/latchkey \\(${code}\\)\\.$`)),
  });
});

function refusedBy(code: string, message: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });
}

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe('a way to the database that leads nowhere', () => {
  const url = 'postgres://hub:secret@db.example:6432/latchkey';
  const place = 'db.example:6432/latchkey';

  it.each<[string, string, Error]>([
    ['database_unreachable', `${place} (ECONNREFUSED)`, withCode('ECONNREFUSED')],
    ['database_unreachable', place, new Error('timeout exceeded when trying to connect')],
    ['database_untrusted', `${place} (SELF_SIGNED_CERT_IN_CHAIN)`, withCode('SELF_SIGNED_CERT_IN_CHAIN')],
    ['database_certificate_wrong', `${place} (CERT_HAS_EXPIRED)`, withCode('CERT_HAS_EXPIRED')],
    [
      'database_certificate_wrong',
      `${place} (ERR_TLS_CERT_ALTNAME_INVALID)`,
      withCode('ERR_TLS_CERT_ALTNAME_INVALID'),
    ],
    ['database_without_tls', place, new Error('The server does not support SSL connections')],
    ['database_refused', `${place} (no such user)`, refusedBy('28P01', 'no such user')],
    [
      'database_requires_tls',
      'no encryption)',
      refusedBy('28000', 'no pg_hba.conf entry for host "10.0.0.1", user "hub", no encryption'),
    ],
    ['database_requires_tls', 'SSL off)', refusedBy('28000', 'no pg_hba.conf entry for host "x", SSL off')],
    ['database_refused', 'SSL encryption)', refusedBy('28000', 'no pg_hba.conf entry, SSL encryption')],
    ['database_refused', 'no encryption)', refusedBy('28P01', 'said by another code: no encryption')],
  ])('is told as %s: %s', (code, detail, cause) => {
    const failure = explainConnectFailure(cause, url);
    expect(failure).toMatchObject({ code, cause, message: expect.stringContaining(`${detail}.`) });
    expect(`${failure.message}${failure.remedy}`).not.toContain('secret');
  });

  it('is named without a port where the address has none', () => {
    const { message } = explainConnectFailure(withCode('ENOTFOUND'), 'postgres://db.example/latchkey');
    expect(message).toContain(': db.example/latchkey (ENOTFOUND).');
  });
});

it('a table of another owner is told with who it is for, and other failures stay as they are', async () => {
  const store = await openPostgres(ownerUrl);
  const cause = refusedBy('42501', 'must be owner of table connections');
  expect(await explainTableFailure(cause, store.db)).toMatchObject({
    code: 'database_forbidden',
    cause,
    message: expect.stringMatching(/must be owner of table connections \(user "postgres"\)\.$/),
    remedy: expect.stringMatching(
      /^Let the owner run: ALTER TABLE … OWNER TO "postgres"; .*schema "public"$/,
    ),
  });
  for (const other of [refusedBy('42601', 'syntax error'), withCode('42501'), 'text']) {
    expect(await explainTableFailure(other, store.db)).toBe(other);
  }
  await store.close();
});
