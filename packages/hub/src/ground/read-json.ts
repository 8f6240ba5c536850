import type { z } from 'zod';
import { DamagedValueError } from './damaged-value-error.ts';

/** @returns undefined for a text that is no JSON: a page, or what was cut off */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Reads JSON that a column holds.
 *
 * @param column as `table.column`, for the error
 * @throws DamagedValueError that names the column, when its text is no JSON of that shape; the value is not in the message
 */
export function readColumn<T>(schema: z.ZodType<T>, text: string, column: string): T {
  const read = schema.safeParse(parseJson(text));
  if (read.success) return read.data;
  throw new DamagedValueError(`The column ${column} holds no JSON of its shape.`, { cause: read.error });
}
