import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { type Directory, openDirectory } from '../../directory/open-directory.ts';
import { openTestCrm } from '../testing/open-test-crm.ts';
import { openRecordStore } from './record-store.ts';

let directory: Directory;
beforeEach(() => {
  directory = openDirectory({ file: ':memory:', clock: systemClock });
});
afterEach(() => directory.close());

it('keeps what was committed, and versions grow on after it is opened again', () => {
  const store = openRecordStore(directory, 'e1');
  expect(store.isNew()).toBe(true);
  const first = store.transaction(() => store.put('account', 'a', { name: 'A' }));
  const last = store.transaction(() => {
    store.put('account', 'b', { name: 'B' });
    return store.put('account', 'c', { name: 'C' });
  });
  store.transaction(() => store.remove('account', 'c'));

  const again = openRecordStore(directory, 'e1');
  expect(again.isNew()).toBe(false);
  expect([...again.list('account')].map((record) => record.id)).toEqual(['a', 'b']);
  expect(again.find('account', 'a')).toEqual(first);
  const next = again.transaction(() => again.put('account', 'd', {}));
  expect(next.version).toBe(last.version + 1);
});

it('forgets everything of a transaction that throws, in memory and in the database', () => {
  const store = openRecordStore(directory, 'e1');
  store.transaction(() => store.put('account', 'a', { name: 'A' }));
  expect(() =>
    store.transaction(() => {
      store.put('account', 'a', { name: 'changed' });
      store.remove('account', 'a');
      store.put('account', 'b', {});
      throw new Error('halfway');
    }),
  ).toThrow('halfway');
  for (const view of [store, openRecordStore(directory, 'e1')]) {
    expect([...view.list('account')].map(({ values }) => values)).toEqual([{ name: 'A' }]);
  }
});

it('keeps the rows of environments apart and writes within transactions only', () => {
  const [one, two] = [openRecordStore(directory, 'e1'), openRecordStore(directory, 'e2')];
  one.transaction(() => one.put('account', 'a', {}));
  expect(two.find('account', 'a')).toBeUndefined();
  expect(openRecordStore(directory, 'e2').find('account', 'a')).toBeUndefined();
  expect(() => one.put('account', 'b', {})).toThrow('within a transaction only');
});

it('serves after a restart what was acknowledged before it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dataverse-'));
  const file = join(folder, 'cloud.db');
  const before = await openTestCrm({ file });
  const created = await before.call('POST', 'accounts', { body: { name: 'Kept', revenue: 5 } });
  const path = new URL(String(created.headers['odata-entityid'])).pathname;
  const row = (await before.get(path)).json();
  await before.close();
  const after = await openTestCrm({ file });
  expect((await after.get(path)).json()).toEqual(row);
  expect((await after.get('accounts/$count')).body).toBe('\uFEFF43');
  await after.close();
  await rm(folder, { recursive: true });
});
