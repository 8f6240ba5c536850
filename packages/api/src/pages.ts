import { z } from 'zod';

const usualPage = 50;
const largestPage = 200;

/** The query of a list, newest first. */
export const pageRequestSchema = z.object({
  limit: z.coerce.number().int().min(1).max(largestPage).default(usualPage),
  cursor: z.string().optional().describe('The nextCursor of the page before'),
});
/** Which page of a list; the first of 50 when nothing is said. */
export interface PageRequest {
  /** 1 to 200. */
  limit?: number;
  /** The `nextCursor` of the page before. */
  cursor?: string;
}

/** @returns the schema of one page of a list */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Hand it back as ?cursor=; null on the last page'),
  });
}

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Hand it back as `?cursor=`; null on the last page. */
  nextCursor: string | null;
}
