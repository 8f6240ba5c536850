import { account } from './account.ts';
import { type Column, type LookupColumn, type LookupTarget, propertyNameOf } from './column.ts';
import { contact } from './contact.ts';
import { lead } from './lead.ts';
import { opportunity } from './opportunity.ts';
import { businessUnit, organization, role, transactionCurrency } from './organization-tables.ts';
import { systemUser, systemUserRoles, systemUserRolesAssociation } from './system-user.ts';
import type { ManyToMany, TableDefinition } from './table-definition.ts';

/** A single-valued navigation property: one target of a lookup. */
export interface Navigation {
  name: string;
  column: LookupColumn;
  target: LookupTarget;
}

/** A collection-valued navigation property: rows that point here by a lookup, or pairs in an intersect table. */
export type Collection =
  | { kind: 'oneToMany'; name: string; table: string; column: LookupColumn; target: LookupTarget }
  | { kind: 'manyToMany'; name: string; table: string; relation: ManyToMany };

/** A table with its names looked up by the Web API's spelling. */
export interface Table {
  definition: TableDefinition;
  /** By property name: `name`, `_primarycontactid_value`. */
  properties: ReadonlyMap<string, Column>;
  /** By logical name: `name`, `primarycontactid`. */
  columns: ReadonlyMap<string, Column>;
  navigations: ReadonlyMap<string, Navigation>;
  collections: ReadonlyMap<string, Collection>;
}

export interface Schema {
  tables: readonly Table[];
  byLogicalName: ReadonlyMap<string, Table>;
  byEntitySet: ReadonlyMap<string, Table>;
}

const definitions: readonly TableDefinition[] = [
  account,
  businessUnit,
  contact,
  lead,
  opportunity,
  organization,
  role,
  systemUserRoles,
  systemUser,
  transactionCurrency,
];

const relations: readonly ManyToMany[] = [systemUserRolesAssociation];

/** The tables of every environment of this cloud, with the relations between them. */
export const schema: Schema = buildSchema();

/**
 * The table of this logical name.
 *
 * @throws Error when there is none: names come from the schema itself, so that is a mistake of ours
 */
export function tableNamed(logicalName: string): Table {
  const table = schema.byLogicalName.get(logicalName);
  if (!table) throw new Error(`No table is named ${logicalName}`);
  return table;
}

function buildSchema(): Schema {
  const tables = definitions.map((definition) => ({
    definition,
    properties: new Map(definition.columns.map((column) => [propertyNameOf(column), column])),
    columns: new Map(definition.columns.map((column) => [column.name, column])),
    navigations: new Map(navigationsOf(definition).map((navigation) => [navigation.name, navigation])),
    collections: new Map(collectionsOf(definition).map((collection) => [collection.name, collection])),
  }));
  return {
    tables,
    byLogicalName: new Map(tables.map((table) => [table.definition.logicalName, table])),
    byEntitySet: new Map(tables.map((table) => [table.definition.entitySetName, table])),
  };
}

function navigationsOf(definition: TableDefinition): Navigation[] {
  return lookupsOf(definition).flatMap((column) =>
    column.targets.map((target) => ({ name: target.navigation, column, target })),
  );
}

function collectionsOf({ logicalName }: TableDefinition): Collection[] {
  const pointing = definitions.flatMap((source) =>
    lookupsOf(source).flatMap((column) =>
      column.targets.flatMap((target): Collection[] =>
        target.table === logicalName && target.collection
          ? [{ kind: 'oneToMany', name: target.collection, table: source.logicalName, column, target }]
          : [],
      ),
    ),
  );
  const paired = relations.flatMap((relation): Collection[] => {
    const [one, other] = relation.tables;
    if (logicalName !== one && logicalName !== other) return [];
    const table = logicalName === one ? other : one;
    return [{ kind: 'manyToMany', name: relation.navigation, table, relation }];
  });
  return [...pointing, ...paired];
}

function lookupsOf(definition: TableDefinition): LookupColumn[] {
  return definition.columns.filter((column) => column.type === 'lookup');
}
