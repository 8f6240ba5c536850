import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { readPostgresUrl } from './read-postgres-url.ts';

const plain = 'postgres://hub:p%40ss@db.example:5432/latchkey';

function writePem(name: string): string {
  const file = path.join(makeTemporaryFolder(), name);
  writeFileSync(file, `PEM of ${name}`);
  return file;
}

describe('what the address of a PostgreSQL says about TLS', () => {
  it('is nothing where it says nothing', () => {
    const url = `${plain}?application_name=x&options=-c%20search_path%3Dhub`;
    expect(readPostgresUrl(url)).toEqual({ connectionString: url, ssl: undefined });
  });

  it.each(['sslmode=disable', 'ssl=0', 'ssl=false'])('is to go without: %s', (query) => {
    expect(readPostgresUrl(`${plain}?${query}`)).toEqual({ connectionString: plain, ssl: false });
  });

  it.each([
    'sslmode=verify-full',
    // Checked as well, so that nobody in between is taken for the server.
    'sslmode=require',
    'sslmode=prefer',
    'sslmode=allow',
    'ssl=1',
    'ssl=true',
    'sslrootcert=system',
  ])('is to check the server against the known authorities: %s', (query) => {
    expect(readPostgresUrl(`${plain}?${query}`)).toEqual({ connectionString: plain, ssl: {} });
  });

  it('is to check it against an authority of one’s own, and to show a certificate', () => {
    const [ca, cert, key] = ['ca.pem', 'client.pem', 'client-key.pem'].map(writePem);
    const url = `${plain}?sslmode=verify-full&sslrootcert=${ca}&sslcert=${cert}&sslkey=${key}`;
    expect(readPostgresUrl(url).ssl).toEqual({
      ca: 'PEM of ca.pem',
      cert: 'PEM of client.pem',
      key: 'PEM of client-key.pem',
    });
  });

  it('is to pass over the name alone with verify-ca, and over everything with no-verify', () => {
    const { ssl } = readPostgresUrl(`${plain}?sslmode=verify-ca`);
    expect(ssl).toEqual({ checkServerIdentity: expect.any(Function) });
    expect(readPostgresUrl(`${plain}?sslmode=no-verify`).ssl).toEqual({ rejectUnauthorized: false });
  });

  it('is to begin with TLS at once', () => {
    const direct = readPostgresUrl(`${plain}?sslnegotiation=direct&sslmode=no-verify`);
    expect(direct).toEqual({
      connectionString: plain,
      ssl: { rejectUnauthorized: false },
      sslnegotiation: 'direct',
    });
  });

  it('keeps what else is there', () => {
    const { connectionString } = readPostgresUrl(`${plain}?sslmode=require&options=-c%20search_path%3Dhub`);
    expect(new URL(connectionString).searchParams.get('options')).toBe('-c search_path=hub');
  });

  it.each(['sslrootcert', 'sslcert', 'sslkey'])('names a file of %s that can’t be read', (name) => {
    expect(() => readPostgresUrl(`${plain}?sslmode=verify-full&${name}=/nowhere/x.pem`)).toThrow(
      expect.objectContaining({
        code: 'database_certificate_unreadable',
        message: expect.stringContaining('/nowhere/x.pem (ENOENT)'),
      }),
    );
  });
});
