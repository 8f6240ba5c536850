import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type TestEngine = 'sqlite' | 'postgres';

/** For `describe.each`: what must hold on both engines is asked of both. */
export const testEngines: readonly TestEngine[] = ['sqlite', 'postgres'];

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the one PostgreSQL server that a test run starts; it may make databases. */
    postgresUrl: string;
  }
}

/** @returns the URL of an empty database of its own; it goes with the server, at the end of the run */
export async function createTestDatabase(): Promise<string> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
