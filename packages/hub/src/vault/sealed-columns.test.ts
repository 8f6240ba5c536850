import { describe, expect, it } from 'vitest';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { testEngines } from '../testing/test-database.ts';
import { sealedColumns, sealedTables } from './sealed-columns.ts';

describe.each(testEngines)('the table of sealed columns on %s', (engine) => {
  it('has each column of the database that is called so, but the canaries’, which go with their keys', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    const tables = await store.db.introspection.getTables();
    const found = tables
      .filter(({ name }) => name !== 'vault_canaries')
      .flatMap(({ name, columns }) =>
        columns
          .filter((column) => column.name.startsWith('sealed_'))
          .map((column) => `${name}.${column.name}`),
      );
    const listed = sealedTables.flatMap((table) =>
      sealedColumns[table].columns.map((column) => `${table}.${column}`),
    );
    expect(listed.toSorted()).toEqual(found.toSorted());
  });

  it('names what finds a row', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    for (const table of sealedTables) {
      const query = store.db.selectFrom(table).select(store.db.dynamic.ref(sealedColumns[table].key));
      expect(await query.execute()).toEqual([]);
    }
  });
});
