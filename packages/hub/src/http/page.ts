import { z } from 'zod';
import { HubError } from '../errors/hub-error.ts';

const usualPage = 50;
const largestPage = 200;

/** The query of a list, newest first. */
export const pageRequestSchema = z.object({
  limit: z.coerce.number().int().min(1).max(largestPage).default(usualPage),
  cursor: z.string().optional().describe('The nextCursor of the page before'),
});

export type PageRequest = z.output<typeof pageRequestSchema>;

/** @returns the schema of one page of a list */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Hand it back as ?cursor=; null on the last page'),
  });
}

/** Where a page ended: rows made meanwhile come before it and are neither repeated nor left out. */
interface Cursor {
  /** Epoch milliseconds. */
  createdAt: number;
  id: string;
}

export function writeCursor({ createdAt, id }: Cursor): string {
  return Buffer.from(`${createdAt}/${id}`).toString('base64url');
}

/** @throws HubError `invalid_body` at `cursor`, when it is none of ours */
export function readCursor(cursor: string): Cursor {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, createdAt, id] = /^(\d{1,15})\/(.+)$/.exec(text) ?? [];
  if (createdAt === undefined || id === undefined) {
    const message = 'Take it from the nextCursor of the page before.';
    throw new HubError('invalid_body', { fields: [{ path: 'cursor', message }] });
  }
  return { createdAt: Number(createdAt), id };
}
