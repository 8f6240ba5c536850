import { isGuid } from '@latchkey/microsoft';
import { isRecord } from '../../ground/json.ts';
import { badRequest, GraphError, invalidValue, notAvailable } from '../errors/graph-error.ts';
import { findName } from './find-name.ts';
import type { GraphResource } from './graph-operation.ts';

/** Control information (OData JSON Format 4.0 §4.5), but for links to other objects, which nobody may pass over. */
const annotation = /@odata\.(?!bind$)/i;

/**
 * The call's JSON object, with none but the allowed properties; OData annotations (`@odata.…`) are passed over.
 *
 * @throws GraphError 400 when the body is missing, no object, or names an unknown property
 */
export function readBody(body: unknown, allowed: readonly string[]): GraphResource {
  if (body === undefined) {
    throw new GraphError(400, 'BadRequest', 'Empty Payload. JSON content expected.');
  }
  return readRecord(body, '', allowed);
}

/** A JSON object with none but the allowed properties, named in any case. `property` is its name, empty for the body itself. */
export function readRecord(value: unknown, property: string, allowed: readonly string[]): GraphResource {
  if (!isRecord(value)) throw invalidValue(property || 'body', 'Expected a JSON object.');
  const own = Object.entries(value).filter(([name]) => !annotation.test(name));
  const known = own.map(([given, item]): [string, unknown] => {
    const name = findName(allowed, given);
    if (name === undefined) {
      if (/@odata\.bind$/i.test(given)) throw notAvailable(`'${given}'`);
      throw badRequest(`Invalid property '${property ? `${property}.${given}` : given}'.`);
    }
    return [name, item];
  });
  return Object.fromEntries(known);
}

export function readText(value: unknown, property: string, maximum: number): string {
  if (typeof value !== 'string') throw invalidValue(property, 'Expected a string.');
  if (value.trim() === '') throw invalidValue(property, 'It must not be empty.');
  if (value.length > maximum) throw invalidValue(property, `It has more than ${maximum} characters.`);
  return value;
}

export function readTextOrNull(value: unknown, property: string, maximum: number): string | null {
  if (value === null || value === '') return null;
  return readText(value, property, maximum);
}

const flags = new Map([
  ['true', true],
  ['false', false],
]);

export function readFlag(value: unknown, property: string): boolean {
  // The real service reads them from text, too: scripts send what a shell gave them.
  const flag = typeof value === 'string' ? flags.get(value.toLowerCase()) : value;
  if (typeof flag !== 'boolean') throw invalidValue(property, 'Expected true or false.');
  return flag;
}

export function readGuid(value: unknown, property: string): string {
  if (typeof value !== 'string' || !isGuid(value)) throw invalidValue(property, 'Expected a GUID.');
  return value.toLowerCase();
}

export function readOneOf<T>(value: unknown, property: string, options: readonly T[]): T {
  const option = options.find((candidate) => candidate === value);
  if (option === undefined) {
    throw invalidValue(property, `Expected one of ${options.map((known) => String(known)).join(', ')}.`);
  }
  return option;
}

/** @throws GraphError 400 when the value is no array or has more than `most` items; whatever `readItem` throws */
export function readList<T>(
  value: unknown,
  property: string,
  readItem: (item: unknown, property: string) => T,
  most = Number.POSITIVE_INFINITY,
): T[] {
  if (!Array.isArray(value)) throw invalidValue(property, 'Expected an array.');
  if (value.length > most) throw invalidValue(property, `It has more than ${most} items.`);
  return value.map((item) => readItem(item, property));
}

/** Epoch milliseconds of an ISO 8601 date-time with its zone. */
export function readDateTime(value: unknown, property: string): number {
  const pattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
  const time = typeof value === 'string' && pattern.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time) || !isDay(String(value).slice(0, 'yyyy-mm-dd'.length))) {
    throw invalidValue(property, 'Expected a date and time such as 2026-01-31T00:00:00Z.');
  }
  return time;
}

/** The language takes 31 February for a day in March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
