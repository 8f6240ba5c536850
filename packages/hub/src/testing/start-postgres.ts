import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { findPostgresBinaries } from './find-postgres-binaries.ts';

export interface TestPostgres {
  /** `postgres://…/postgres`, as a user who may make databases. */
  url: string;
  /** @returns the id of the process that all others of the server are children of */
  pid(): number;
  /** Ends it at once, as a crash does, and starts it again on the same data and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What the server shows over TLS, in PEM. */
interface ServerCertificate {
  certificate: string;
  privateKey: string;
  /** Whether it takes nobody who comes without. */
  required?: boolean;
}

interface PostgresOptions {
  /** Lets it speak TLS as well. */
  certificate?: ServerCertificate;
  /** Besides its own, as `name=value`. */
  settings?: readonly string[];
}

const ownerOnly = 0o600;

/** PostgreSQL refuses to run as root; every Linux has this user. */
const nobody = 65_534;

/**
 * Starts a PostgreSQL server on a free port of the loopback interface, with its data in a temporary folder: the
 * machine's PostgreSQL where there is one, else the one that npm brought. It forgets all at its end.
 *
 * @throws when there is no PostgreSQL, or it does not start; with its own words
 */
export async function startPostgres({
  certificate,
  settings: further = [],
}: PostgresOptions = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-postgres-'));
  try {
    const binaries = findPostgresBinaries(folder);
    const owner = ownerOf(folder);
    const data = path.join(folder, 'data');
    initializePostgres(binaries, data, owner);
    const settings = [
      'fsync=off',
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      ...further,
    ];
    if (certificate) {
      const files = { 'server.crt': certificate.certificate, 'server.key': certificate.privateKey };
      for (const [name, pem] of Object.entries(files)) {
        const file = path.join(data, name);
        writeFileSync(file, pem, { mode: ownerOnly });
        if (owner.uid !== undefined) chownSync(file, nobody, nobody);
      }
      settings.push('ssl=on');
      if (certificate.required) {
        writeFileSync(path.join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 trust\n');
      }
    }
    const server = await runPostgres({ binaries, data, settings, owner });
    return {
      ...server,
      stop: async () => {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Runs a server on data that is there, on a free port. */
export async function runPostgres({
  binaries,
  data,
  settings,
  owner,
}: {
  binaries: string;
  data: string;
  settings: readonly string[];
  owner: { cwd: string; uid?: number; gid?: number };
}): Promise<TestPostgres> {
  const port = await findFreePort();
  const start = async () => {
    const started = spawn(
      path.join(binaries, 'postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...owner, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await untilReady(started);
    return started;
  };
  let server = await start();
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    pid() {
      if (server.pid === undefined) throw new Error('PostgreSQL does not run.');
      return server.pid;
    },
    restart: async () => {
      await stop();
      server = await start();
    },
    stop,
  };
}

/** Makes the data of a server that trusts everybody on this machine. */
export function initializePostgres(
  binaries: string,
  data: string,
  owner: { cwd: string; uid?: number; gid?: number },
): void {
  const words = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  execFileSync(path.join(binaries, 'initdb'), words, { ...owner, stdio: 'pipe' });
}

/** @returns who a server runs as: it refuses to run as root. The folder becomes that user's */
export function ownerOf(folder: string): { cwd: string; uid?: number; gid?: number } {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, nobody, nobody);
  return { cwd: folder, ...(isRoot && { uid: nobody, gid: nobody }) };
}

/** Has a server do something, over a connection for that alone. */
export async function askPostgres(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

async function untilReady(server: ChildProcess): Promise<void> {
  if (!server.stderr) throw new Error('PostgreSQL was started without its messages.');
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    said.push(line);
    if (/database system is ready to accept (?:read-only )?connections/.test(line)) {
      // Read on, or the server stops at a full pipe.
      server.stderr.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
}
