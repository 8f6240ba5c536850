import { isRecord } from '../../ground/json.ts';
import { badRequest, readOnlyProperty } from '../errors/graph-error.ts';
import type { GraphResource } from './graph-operation.ts';
import { readBody } from './read-body.ts';
import type { ResourceType } from './resource-type.ts';
import { isUnchanged } from './without-unchanged.ts';

/** One property of an entity, as Microsoft's reference of it says; `property-kinds.ts` has the usual ones. */
export interface Property {
  /** What is answered while nothing else is known. */
  readonly empty: unknown;
  /** Takes a body's value, or throws GraphError 400; absent where only the service sets the property. */
  readonly read?: (value: unknown, property: string) => unknown;
  /** What a value consists of that has several parts; a body may leave out some of them. */
  readonly parts?: PropertyTable;
  /** Answered to `$select` alone. */
  readonly onlySelected?: true;
  /** Set when the entity is made, and never again. */
  readonly onlyCreated?: true;
}

/** The properties of an entity by their names, in the order in which answers have them. */
export type PropertyTable = Readonly<Record<string, Property>>;

/** Marks properties that are answered to `$select` alone. */
export function onlySelected(table: PropertyTable): PropertyTable {
  return markAll(table, { onlySelected: true });
}

/** Marks properties that are set when the entity is made, and never again. */
export function onlyCreated(table: PropertyTable): PropertyTable {
  return markAll(table, { onlyCreated: true });
}

/** The same properties without some. */
export function withoutProperties(table: PropertyTable, names: readonly string[]): PropertyTable {
  return Object.fromEntries(Object.entries(table).filter(([name]) => !names.includes(name)));
}

/** What queries may name of an entity with these properties. */
export function toResourceType(
  name: string,
  table: PropertyTable,
  { searchable }: Pick<ResourceType, 'searchable'> = {},
): ResourceType {
  const properties = Object.keys(table);
  const defaultProperties = properties.filter((property) => !table[property]?.onlySelected);
  return {
    name,
    properties,
    ...(defaultProperties.length < properties.length && { defaultProperties }),
    ...(searchable && { searchable }),
  };
}

/** What is answered of an entity that nothing is known of, made once a table: lists have very many entities. */
const emptyEntities = new WeakMap<PropertyTable, GraphResource>();

/** The whole entity: what is known of it, and the empty values of the rest. */
export function presentProperties(table: PropertyTable, known: Readonly<GraphResource>): GraphResource {
  const entity = { ...emptyEntity(table) };
  for (const name of Object.keys(known)) {
    const [property, value] = [table[name], known[name]];
    if (!property || value === undefined) continue;
    entity[name] = property.parts && isRecord(value) ? presentProperties(property.parts, value) : value;
  }
  return entity;
}

function emptyEntity(table: PropertyTable): Readonly<GraphResource> {
  const made = emptyEntities.get(table);
  if (made) return made;
  const entity = Object.fromEntries(
    Object.entries(table).map(([name, { empty, parts }]) => [
      name,
      parts && isRecord(empty) ? presentProperties(parts, empty) : empty,
    ]),
  );
  emptyEntities.set(table, entity);
  return entity;
}

/** The properties that a create or an update may set. */
export function settableProperties(table: PropertyTable, call: 'create' | 'update'): string[] {
  return Object.entries(table)
    .filter(([, { read, onlyCreated: once }]) => read && (call === 'create' || !once))
    .map(([name]) => name);
}

/**
 * The properties that a create or an update sets, by their names in the table, each as its reader takes it.
 *
 * @throws GraphError 400 for an unknown or read-only property or a value that can't be taken
 */
export function readProperties(
  body: unknown,
  table: PropertyTable,
  call: 'create' | 'update',
): GraphResource {
  const settable = settableProperties(table, call);
  const given = Object.entries(readBody(body, Object.keys(table)));
  return Object.fromEntries(
    given.map(([name, value]) => {
      if (!settable.includes(name)) throw readOnlyProperty(name);
      return [name, table[name]?.read?.(value, name)];
    }),
  );
}

/**
 * The properties that an update changes. What it leaves as it is, is passed over, read-only or not: clients send back
 * whole objects as they read them (OData 4.0 Part 1, §11.4.3).
 *
 * @param current the object as reads show it
 * @throws GraphError 400 as `readProperties`
 */
export function readChanges(
  body: unknown,
  table: PropertyTable,
  current: Readonly<GraphResource>,
): GraphResource {
  const given = Object.entries(readBody(body, Object.keys(table)));
  const changed = given.filter(([name, value]) => !isUnchanged(value, current[name]));
  return readProperties(Object.fromEntries(changed), table, 'update');
}

/** What is kept of an entity after a change: lists are replaced whole, parts of a value one by one. */
export function mergeProperties(
  kept: Readonly<GraphResource>,
  changes: Readonly<GraphResource>,
): GraphResource {
  const merged = Object.entries(changes).map(([name, value]): [string, unknown] => {
    const before = kept[name];
    return [name, isRecord(before) && isRecord(value) ? mergeProperties(before, value) : value];
  });
  return { ...kept, ...Object.fromEntries(merged) };
}

/** @throws GraphError 400 that names the first of the required properties that a create leaves out */
export function requireProperties(
  given: Readonly<GraphResource>,
  required: readonly string[],
  resource: string,
): void {
  const missing = required.find((name) => given[name] === undefined || given[name] === null);
  if (missing === undefined) return;
  const message = `A value is required for property '${missing}' of resource '${resource}'.`;
  throw badRequest(message, {
    code: 'PropertyRequired',
    message: `A value is required for property '${missing}'.`,
    target: missing,
  });
}

function markAll(table: PropertyTable, mark: Pick<Property, 'onlySelected' | 'onlyCreated'>): PropertyTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, property]) => [name, { ...property, ...mark }]),
  );
}
