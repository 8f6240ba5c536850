import type { Column } from './column.ts';

/** A many-to-many relation, shown on both of its tables under one navigation name. */
export interface ManyToMany {
  navigation: string;
  /** Logical name of the intersect table that holds the pairs. */
  intersect: string;
  /** Logical names of the two tables; the intersect table has a guid column named after each one's key. */
  tables: readonly [string, string];
}

/** One table (entity) of the environment. */
export interface TableDefinition {
  logicalName: string;
  entitySetName: string;
  displayName: string;
  /** The number that older messages name the table by ("OTC"). */
  objectTypeCode: number;
  primaryKey: string;
  /** The column that stands for a row in lookups and lists; null for intersect tables. */
  primaryName: string | null;
  columns: readonly Column[];
  /** Sets of columns whose values together name one row (alternate keys). */
  alternateKeys: readonly (readonly string[])[];
  /** What the Web API may do with rows beside reading them. */
  operations: { create: boolean; update: boolean; delete: boolean };
  /** Rows that only a System Administrator may write. */
  administratorsOnly: boolean;
  /** The full name is made of first and last name on every write (contacts, leads, users). */
  fullName: boolean;
}

/** What tables with rows of people's own have in common. */
export const everyOperation = { create: true, update: true, delete: true } as const;
export const noOperation = { create: false, update: false, delete: false } as const;
