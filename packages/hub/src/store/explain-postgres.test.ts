import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../ground/clock.ts';
import { systemRandom } from '../ground/random.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { explainConnectFailure } from './explain-postgres.ts';
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
