import { type Directory, selectAll, selectOne } from './open-directory.ts';

/** Sets of objects that a tenant may have very many of; their order is by display name, whatever the case. */
export type ObjectKind = 'applications' | 'groups' | 'servicePrincipals' | 'users';

/**
 * Where each kind's rows are; the only texts that are put into the statements below. The indexes `…_in_order` are over
 * just these, so that a page and a look-up by name take the same time however many rows there are.
 */
const sources = {
  applications: { table: 'applications', name: 'display_name', condition: 'deleted_at IS NULL' },
  servicePrincipals: { table: 'service_principals', name: 'display_name', condition: 'TRUE' },
  groups: { table: 'groups', name: 'display_name', condition: 'deleted_at IS NULL' },
  users: { table: 'users', name: "json_extract(profile, '$.displayName')", condition: 'deleted_at IS NULL' },
} as const satisfies Record<ObjectKind, object>;

/** At most `limit` ids in the set's order: from the start, or from the one after `afterId`. */
export function readOrderedIds(
  directory: Directory,
  kind: ObjectKind,
  { tenantId, afterId, limit }: { tenantId: string; afterId: string | null; limit: number },
): string[] {
  const { table, name, condition } = sources[kind];
  const order = `ORDER BY ${name} COLLATE NOCASE, id LIMIT ?`;
  const rows = `SELECT id FROM ${table} WHERE ${condition} AND tenant_id = ?`;
  if (afterId === null) return ids(selectAll<IdRow>(directory, `${rows} ${order}`, tenantId, limit));
  const last = selectOne<{ name: string }>(
    directory,
    `SELECT ${name} AS name FROM ${table} WHERE id = ?`,
    afterId,
  );
  if (!last) return [];
  return ids(
    selectAll<IdRow>(
      directory,
      // The first condition is the one that an index is searched by; a row value would not be.
      `${rows} AND ${name} COLLATE NOCASE >= ? AND (${name} COLLATE NOCASE > ? OR id > ?) ${order}`,
      tenantId,
      last.name,
      last.name,
      afterId,
      limit,
    ),
  );
}

/** Ids of all that have this display name, whatever the case of its Latin letters. */
export function findIdsByDisplayName(
  directory: Directory,
  kind: ObjectKind,
  { tenantId, displayName }: { tenantId: string; displayName: string },
): string[] {
  const { table, name, condition } = sources[kind];
  return ids(
    selectAll<IdRow>(
      directory,
      `SELECT id FROM ${table} WHERE ${condition} AND tenant_id = ? AND ${name} COLLATE NOCASE = ? ORDER BY id`,
      tenantId,
      displayName,
    ),
  );
}

export function countObjects(directory: Directory, kind: ObjectKind, tenantId: string): number {
  const { table, condition } = sources[kind];
  const sql = `SELECT count(*) AS number FROM ${table} WHERE ${condition} AND tenant_id = ?`;
  return selectOne<{ number: number }>(directory, sql, tenantId)?.number ?? 0;
}

interface IdRow {
  id: string;
}

function ids(rows: readonly IdRow[]): string[] {
  return rows.map(({ id }) => id);
}
