import { isRecord } from '../../ground/json.ts';
import type { RecordStore, Reference, Value } from '../storage/record-store.ts';
import type { Column } from '../tables/column.ts';
import type { Collection, Navigation, Table } from '../tables/schema.ts';
import { resolveRecordUrl } from './record-key.ts';
import { badPayload, validateValue } from './validate-value.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What the body of a create or update says, checked against the schema. */
export interface Payload {
  /** New contents of columns, lookups among them. */
  values: Record<string, Value>;
  /** Related rows to be made first: nested objects under single-valued navigation properties. */
  parents: { navigation: Navigation; body: JsonObject }[];
  /** Related rows to be made afterwards: nested arrays under collection-valued navigation properties. */
  children: { collection: Collection; bodies: JsonObject[] }[];
  /** Rows that exist and are to be associated: `collection@odata.bind`. */
  links: { collection: Collection; references: Reference[] }[];
}

const bindSuffix = '@odata.bind';

/**
 * Reads the body of a create or update. Columns that the server keeps are passed over, as the real service
 * does; other annotations than `@odata.bind` too.
 *
 * @throws DataverseError 400 for what the table does not have and values that don't fit, 404 for lookups to
 *   rows that don't exist
 */
export function readPayload(store: RecordStore, table: Table, body: JsonObject): Payload {
  const payload: Payload = { values: {}, parents: [], children: [], links: [] };
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith(bindSuffix))
      readBinding(store, table, payload, name.slice(0, -bindSuffix.length), value);
    else if (name.includes('@')) checkAnnotated(table, name, body);
    else readMember(table, payload, name, value);
  }
  return payload;
}

function readMember(table: Table, payload: Payload, name: string, value: unknown): void {
  const column = table.properties.get(name);
  const navigation = table.navigations.get(name);
  const collection = table.collections.get(name);
  if (column) readColumnValue(table, payload, column, value);
  else if (navigation && isRecord(value)) payload.parents.push({ navigation, body: value });
  else if (navigation && value === null) payload.values[navigation.column.name] = null;
  else if (collection && Array.isArray(value) && value.every(isRecord)) {
    payload.children.push({ collection, bodies: value });
  } else if (navigation || collection) {
    throw badPayload(
      table.definition,
      `The navigation property '${name}' takes ${navigation ? 'an object' : 'an array of objects'}; existing rows are named by '${name}${bindSuffix}'.`,
    );
  } else {
    throw badPayload(
      table.definition,
      `Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${table.definition.logicalName}'.`,
    );
  }
}

function readColumnValue(table: Table, payload: Payload, column: Column, value: unknown): void {
  if (column.type === 'lookup') {
    throw badPayload(
      table.definition,
      'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
    );
  }
  const checked = validateValue(table.definition, column, value);
  if (column.writable) payload.values[column.name] = checked;
}

function readBinding(store: RecordStore, table: Table, payload: Payload, name: string, value: unknown): void {
  const navigation = table.navigations.get(name);
  const collection = table.collections.get(name);
  if (navigation) {
    const reference =
      value === null ? null : resolveUrl(store, table, { name, target: navigation.target.table }, value);
    if (navigation.column.writable) payload.values[navigation.column.name] = reference;
  } else if (collection && Array.isArray(value)) {
    const references = value.map((url) => resolveUrl(store, table, { name, target: collection.table }, url));
    payload.links.push({ collection, references });
  } else throw undeclared(table, name);
}

/** Finds the row that a binding names, which must be of the table that the navigation property leads to. */
function resolveUrl(
  store: RecordStore,
  table: Table,
  { name, target }: { name: string; target: string },
  url: unknown,
): Reference {
  if (typeof url !== 'string')
    throw badPayload(table.definition, `'${name}${bindSuffix}' takes the URL of a row.`);
  const { table: found, record } = resolveRecordUrl(store, url);
  const { logicalName } = found.definition;
  if (logicalName === target) return { table: logicalName, id: record.id };
  throw badPayload(
    table.definition,
    `'${name}${bindSuffix}' leads to rows of '${target}', but '${url}' is of '${logicalName}'.`,
  );
}

/** An annotation may stand beside a property; alone, it speaks of a property that is not there. */
function checkAnnotated(table: Table, name: string, body: JsonObject): void {
  const subject = name.slice(0, name.indexOf('@'));
  const declared =
    subject === '' ||
    table.properties.has(subject) ||
    table.navigations.has(subject) ||
    table.collections.has(subject);
  if (!declared && !Object.hasOwn(body, subject)) throw undeclared(table, subject);
}

function undeclared(table: Table, name: string): Error {
  return badPayload(
    table.definition,
    `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
  );
}
