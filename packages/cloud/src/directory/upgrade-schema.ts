import type { DatabaseSync } from 'node:sqlite';

/** Columns that tables got after they were first made. */
const laterColumns = [
  { table: 'groups', name: 'profile', definition: `TEXT NOT NULL DEFAULT '{}'` },
  { table: 'groups', name: 'deleted_at', definition: 'INTEGER' },
  { table: 'users', name: 'deleted_at', definition: 'INTEGER' },
] as const;

/** Brings the tables of a file that an earlier version made to what the schema says now; what is there stays. */
export function upgradeSchema(db: DatabaseSync): void {
  for (const { table, name, definition } of laterColumns) {
    if (!hasColumn(db, table, name)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${definition}`);
  }
  if (!hasColumn(db, 'group_members', 'user_id')) return;
  db.exec(`
    INSERT OR IGNORE INTO group_links (group_id, kind, object_id) SELECT group_id, 'member', user_id FROM group_members;
    DROP TABLE group_members;
  `);
}

/** Also false where there is no such table. */
function hasColumn(db: DatabaseSync, table: string, column: string): boolean {
  return db.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined;
}
