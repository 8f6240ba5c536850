import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPostgresBinaries } from './find-postgres-binaries.ts';
import {
  askPostgres,
  initializePostgres,
  ownerOf,
  runPostgres,
  type TestPostgres,
} from './start-postgres.ts';

/** Two servers, the second of which follows the first: what the first acknowledges, the second has. */
export interface TestPostgresPair {
  primary: TestPostgres;
  standby: TestPostgres;
  /** Lets the standby take changes, and follow nobody any more. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/** Both begin as copies of the same data, so that no backup has to be taken for the second. */
export async function startPostgresPair(): Promise<TestPostgresPair> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-postgres-pair-'));
  const binaries = findPostgresBinaries(folder);
  const owner = ownerOf(folder);
  const [first, second] = [path.join(folder, 'primary'), path.join(folder, 'standby')];
  initializePostgres(binaries, first, owner);
  execFileSync('cp', ['-a', first, second], owner);
  writeFileSync(path.join(second, 'standby.signal'), '');
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  const primary = await runPostgres({
    binaries,
    data: first,
    settings: [...settings, 'wal_keep_size=1GB'],
    owner,
  });
  const { port } = new URL(primary.url);
  const following = `primary_conninfo=host=127.0.0.1 port=${port} user=postgres`;
  const standby = await runPostgres({ binaries, data: second, settings: [...settings, following], owner });
  await askPostgres(primary.url, "alter system set synchronous_standby_names = '*'");
  await askPostgres(primary.url, 'select pg_reload_conf()');
  return {
    primary,
    standby,
    promote: () => askPostgres(standby.url, 'select pg_promote()'),
    async stop() {
      await primary.stop();
      await standby.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
