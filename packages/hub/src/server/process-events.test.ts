import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { startHub } from './start-hub.ts';

it('a hub tells that it started and ended, and which others have fallen silent', async () => {
  const config = loadConfig({ LATCHKEY_KEEPER: 'off' }, { port: 0, dataFolder: makeTemporaryFolder() });
  const start = async () => {
    const hub = await startHub({ config, log: pino({ level: 'silent' }) });
    onTestFinished(() => hub.close());
    const { db } = hub.context.store;
    const kinds = async () => {
      const rows = await db.selectFrom('events').select('kind').where('subject_id', '=', 'hub').execute();
      return rows.map(({ kind }) => kind).toSorted();
    };
    return { hub, db, kinds };
  };
  const first = await start();
  await expect.poll(first.kinds).toEqual(['process_started']);
  const killedAt = Date.now() - 180_000;
  const killed = { id: 'killed', name: 'host 1', is_on: 1, started_at: killedAt, seen_at: killedAt };
  await first.db
    .insertInto('keeper_processes')
    .values({ ...killed, under_way: 0, kinds: '{}' })
    .execute();
  await first.hub.close();
  const second = await start();
  await expect
    .poll(second.kinds)
    .toEqual(['process_silent', 'process_started', 'process_started', 'process_stopped']);
});
