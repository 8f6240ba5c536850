import type { z } from 'zod';

/**
 * Reads JSON that a column holds.
 *
 * @param column as `table.column`, for the error
 * @throws Error that names the column, when its text is no JSON or has another shape; the value is not in the message
 */
export function readColumn<T>(schema: z.ZodType<T>, text: string, column: string): T {
  const read = schema.safeParse(parse(text, column));
  if (read.success) return read.data;
  throw new Error(`The column ${column} holds JSON of another shape.`, { cause: read.error });
}

function parse(text: string, column: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Error(`The column ${column} holds no JSON.`, { cause: error });
    throw error;
  }
}
