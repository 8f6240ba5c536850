import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, startHub } from '@latchkey/hub';
import { onTestFinished, vi } from 'vitest';

/** Where a hub with one connection and its secret has been, until the test is over. @returns the folder */
export async function openDataFolder(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-operate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = loadConfig({ LATCHKEY_KEEPER: 'off' }, { dataFolder: folder, port: 0, logLevel: 'silent' });
  const hub = await startHub({ config });
  const { store, vault } = hub.context;
  const connection = {
    id: 'c1',
    provider: 'dynamics-365',
    name: 'Sales',
    description: '',
    method: 'manual' as const,
    environment_url: 'https://contoso.crm4.dynamics.com',
    client_id: 'client-1',
    sealed_client_secret: vault.seal('the secret', 'connections/c1/sealed_client_secret'),
    endpoint_version: 'v2' as const,
    request_timeout_seconds: 20,
    disabled: 1,
    failed_tries: 0,
    created_at: 1,
    updated_at: 1,
  };
  await store.db.insertInto('connections').values(connection).execute();
  await hub.close();
  return folder;
}

/** What a command prints, and the exit code that it sets, from here on until the test is over. */
export interface Printed {
  stdout(): string;
  stderr(): string;
  exitCode(): typeof process.exitCode;
}

export function watchOutput(): Printed {
  const before = process.exitCode;
  process.exitCode = undefined;
  const keep = (stream: NodeJS.WriteStream) => {
    const written: string[] = [];
    const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
    onTestFinished(() => spy.mockRestore());
    return () => written.join('');
  };
  onTestFinished(() => {
    process.exitCode = before;
  });
  return { stdout: keep(process.stdout), stderr: keep(process.stderr), exitCode: () => process.exitCode };
}
