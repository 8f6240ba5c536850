import { isRecord } from './json.ts';

/**
 * A schema of stored JSON: tells whether a value has the shape. Nothing is copied, so that reading a row costs little
 * more than parsing it; a field that a schema does not know is left alone, as a later version may have written it.
 */
export type Schema<T> = (value: unknown) => value is T;

/** A field that may be missing. */
interface Optional<T> {
  optional: Schema<T>;
}

type Fields<T> = {
  [K in keyof T]-?: unknown extends T[K]
    ? Schema<T[K]>
    : undefined extends T[K]
      ? Optional<Exclude<T[K], undefined>>
      : Schema<T[K]>;
};

/** Stored JSON is not what this version of the cloud writes: the database is another's or was changed by hand. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/**
 * Reads JSON that the cloud stored.
 *
 * @throws RowError when it does not have the shape
 */
export function readRow<T>(schema: Schema<T>, text: string): T {
  const value: unknown = JSON.parse(text);
  if (schema(value)) return value;
  throw new RowError(`The database holds JSON of another shape: ${text.slice(0, 200)}`);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** Takes anything, where readers look for themselves. */
export function isAnything(_value: unknown): _value is unknown {
  return true;
}

export function orNull<T>(schema: Schema<T>): Schema<T | null> {
  return (value): value is T | null => value === null || schema(value);
}

export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

export function oneOf<const T extends string>(...options: readonly T[]): Schema<T> {
  return (value): value is T => options.some((option) => option === value);
}

export function listOf<T>(schema: Schema<T>): Schema<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(schema);
}

export function recordOf<T>(schema: Schema<T>): Schema<Record<string, T>> {
  return (value): value is Record<string, T> => isRecord(value) && Object.values(value).every(schema);
}

/** An object with these fields. */
export function objectOf<T extends object>(fields: Fields<T>): Schema<T> {
  const checks = Object.entries<Optional<unknown> | Schema<unknown>>(fields).map(([name, field]) => {
    const isOptional = typeof field === 'object';
    const schema = isOptional ? field.optional : field;
    return (value: Record<string, unknown>): boolean =>
      (isOptional && value[name] === undefined) || schema(value[name]);
  });
  return (value): value is T => isRecord(value) && checks.every((check) => check(value));
}
