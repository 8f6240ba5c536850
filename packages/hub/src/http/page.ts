import type { pageRequestSchema } from '@latchkey/api';
import { z } from 'zod';
import { HubError } from '../errors/hub-error.ts';
import { parseJson } from '../ground/read-json.ts';
import type { Store } from '../store/store.ts';

/** A list's query, defaults filled in. */
export type PageQuery = z.output<typeof pageRequestSchema>;

/** Where a page ended: rows made meanwhile come before it and are neither repeated nor left out. */
interface Cursor {
  /** Epoch milliseconds, or what a damaged row has in their place: the pages go on behind it. */
  createdAt: number;
  id: string;
}

/** The schema of the rows calls it a number; in a damaged one it may be a text. */
const createdAtSchema = z.custom<number>((value) => typeof value === 'number' || typeof value === 'string');
const cursorSchema = z.tuple([createdAtSchema, z.string()]);
/** PostgreSQL's `bigint` holds whole numbers below this; SQLite's columns hold what is put into them. */
const bigintEnd = 2 ** 63;

/**
 * Cuts what was read to a page.
 *
 * @param found the rows, newest first, one more than asked for where there are more: that tells of a next page
 */
export function cutPage<Row extends { id: string; created_at: number }>(
  found: readonly Row[],
  limit: number,
): { rows: Row[]; nextCursor: string | null } {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > limit && last ? writeCursor(last) : null };
}

function writeCursor({ created_at: createdAt, id }: { id: string; created_at: number }): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

/** @throws HubError `invalid_body` at `cursor`, when it is none of ours */
export function readCursor({ engine }: Pick<Store, 'engine'>, cursor: string): Cursor {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [createdAt, id] = cursorSchema.safeParse(parseJson(text)).data ?? [];
  const isKept =
    engine === 'sqlite' || (Number.isInteger(createdAt) && Math.abs(Number(createdAt)) < bigintEnd);
  if (createdAt === undefined || id === undefined || !isKept) {
    const message = 'Take it from the nextCursor of the page before.';
    throw new HubError('invalid_body', { fields: [{ path: 'cursor', message }] });
  }
  return { createdAt, id };
}
