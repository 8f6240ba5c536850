import type { Expression, LiteralExpression } from '../../odata/expression.ts';
import { printExpression } from '../../odata/print-expression.ts';
import { DataverseError, notAvailable } from '../errors/dataverse-error.ts';
import type { RecordStore, StoredRecord } from '../storage/record-store.ts';
import type { Table } from '../tables/schema.ts';
import { type Comparable, type ComparableKind, kindOf, toComparable } from './comparable.ts';
import { resolveProperty } from './resolve-property.ts';

/** What a query is compiled against. */
export interface QueryScope {
  store: RecordStore;
  table: Table;
  /** Parameter aliases of the query: `@p1` and what it stands for. */
  aliases: ReadonlyMap<string, Expression>;
}

/** One side of a comparison. */
export type Operand =
  | { source: 'constant'; kind: ComparableKind | 'null'; value: Comparable | null }
  | { source: 'property'; kind: ComparableKind; read: (record: StoredRecord) => Comparable | null };

/** @throws DataverseError 400 for what can't stand in a comparison, 501 for what is not built yet */
export function compileOperand(scope: QueryScope, expression: Expression): Operand {
  switch (expression.kind) {
    case 'path': {
      const property = resolveProperty(scope.store, scope.table, expression.names);
      const { column } = property;
      return {
        source: 'property',
        kind: kindOf(column),
        read: (record) => toComparable(column, property.read(record)),
      };
    }
    case 'literal':
      return compileLiteral(expression);
    case 'alias':
      return compileOperand(scope, resolveAlias(scope, expression.name));
    case 'lambda':
      throw notAvailable(`The lambda operator '${expression.operator}'`);
    case 'call':
      throw refuseCall(expression.name);
    default:
      throw unsupported(expression);
  }
}

/** What an alias stands for. One alias may not stand for another, so that none can stand for itself. */
export function resolveAlias(scope: QueryScope, name: string): Expression {
  const expression = scope.aliases.get(name);
  if (!expression || expression.kind === 'alias') {
    throw new DataverseError('badQuery', `The parameter alias '${name}' has no value in the query.`);
  }
  return expression;
}

/** Functions that are part of Dataverse's language come later; others never were. */
export function refuseCall(name: string): DataverseError {
  if (name.startsWith('Microsoft.Dynamics.CRM.')) return notAvailable(`The query function '${name}'`);
  const problem = `An unknown function with name '${name}' was found. Dataverse knows contains, startswith and endswith.`;
  return new DataverseError('badQuery', problem);
}

export function unsupported(expression: Expression): DataverseError {
  const problem = `The expression '${printExpression(expression)}' is not supported at this place in a Dataverse query.`;
  return new DataverseError('badQuery', problem);
}

function compileLiteral(literal: LiteralExpression): Operand {
  const { type, text } = literal;
  switch (type) {
    case 'null':
      return { source: 'constant', kind: 'null', value: null };
    case 'string':
      return { source: 'constant', kind: 'text', value: text };
    case 'boolean':
      return { source: 'constant', kind: 'boolean', value: text === 'true' };
    case 'integer':
    case 'decimal':
    case 'double':
      return { source: 'constant', kind: 'number', value: toNumber(text) };
    case 'guid':
      return { source: 'constant', kind: 'guid', value: text.toLowerCase() };
    case 'date':
    case 'dateTime':
      return { source: 'constant', kind: 'moment', value: toMoment(literal) };
    default:
      throw unsupported(literal);
  }
}

/** OData writes infinities `INF` and `-INF` (OData 4.01 ABNF, `nanInfinity`). */
function toNumber(text: string): number {
  return Number(text.replace('INF', 'Infinity'));
}

function toMoment(literal: LiteralExpression): number {
  const moment = Date.parse(literal.text);
  if (Number.isNaN(moment)) throw new DataverseError('badQuery', `'${literal.text}' is not a date.`);
  return moment;
}
