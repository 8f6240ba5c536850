import { isRecord } from '../ground/json.ts';

/** The JSON object that a text says; what a test names of it must be there. */
export function readObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (isRecord(value)) return value;
  throw new Error(`Expected a JSON object: ${text}`);
}

/** A text of a JSON object that must be there. */
export function textOf(object: Readonly<Record<string, unknown>>, name: string): string {
  const value = object[name];
  if (typeof value === 'string') return value;
  throw new Error(`'${name}' is no text: ${JSON.stringify(object)}`);
}
