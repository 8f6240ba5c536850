import type { pageRequestSchema } from '@latchkey/api';
import type { z } from 'zod';
import { HubError } from '../errors/hub-error.ts';

/** A list's query, defaults filled in. */
export type PageQuery = z.output<typeof pageRequestSchema>;

/** Where a page ended: rows made meanwhile come before it and are neither repeated nor left out. */
interface Cursor {
  /** Epoch milliseconds. */
  createdAt: number;
  id: string;
}

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
  return Buffer.from(`${createdAt}/${id}`).toString('base64url');
}

/** @throws HubError `invalid_body` at `cursor`, when it is none of ours */
export function readCursor(cursor: string): Cursor {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, createdAt, id] = /^(\d[\d.e+]{0,25})\/(.+)$/.exec(text) ?? [];
  if (createdAt === undefined || id === undefined || Number.isNaN(Number(createdAt))) {
    const message = 'Take it from the nextCursor of the page before.';
    throw new HubError('invalid_body', { fields: [{ path: 'cursor', message }] });
  }
  return { createdAt: Number(createdAt), id };
}
