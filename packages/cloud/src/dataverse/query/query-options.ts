import type { Expression } from '../../odata/expression.ts';
import {
  type OrderItem,
  parseExpand,
  parseOrderBy,
  parseSelect,
  type SelectItem,
} from '../../odata/parse-clauses.ts';
import { parseExpressionText } from '../../odata/parse-expression.ts';
import { DataverseError, notAvailable } from '../errors/dataverse-error.ts';

/** The query of a request, read. */
export interface QueryOptions {
  select: SelectItem[] | null;
  filter: Expression | null;
  orderBy: OrderItem[];
  top: number | null;
  count: boolean;
  skipToken: string | null;
  aliases: ReadonlyMap<string, Expression>;
}

export type QueryOptionName =
  | '$select'
  | '$filter'
  | '$orderby'
  | '$top'
  | '$count'
  | '$skiptoken'
  | '$expand';

/** What a list of rows takes; other resources take less. */
export const listOptions: readonly QueryOptionName[] = [
  '$select',
  '$filter',
  '$orderby',
  '$top',
  '$count',
  '$skiptoken',
  '$expand',
];

/** Ways to query that the real Web API has and this one does not yet. */
const laterOptions = ['$apply', '$deltatoken', 'fetchXml', 'savedQuery', 'userQuery'];

/** Most rows that one answer brings, and the highest count that is told (Dataverse "Page results"). */
export const largestPage = 5_000;

/**
 * Reads the query part of a URL. `+` stands for a blank and `%24` for `$`, as the real service takes them.
 *
 * @param allowed the options that the resource takes; `@`-aliases always
 * @throws DataverseError for options that are unknown, doubled, unsupported or badly written
 * @throws ODataSyntaxError for a value that can't be read
 */
export function parseQueryOptions(query: string, allowed: readonly QueryOptionName[]): QueryOptions {
  const values = new Map<string, string>();
  const aliases = new Map<string, Expression>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (values.has(name) || aliases.has(name)) {
      const problem = `Query option '${name}' was specified more than once, but it must be specified at most once.`;
      throw new DataverseError('badQuery', problem);
    }
    if (name.startsWith('@')) aliases.set(name, parseExpressionText(value));
    else if (allowed.some((option) => option === name)) values.set(name, value);
    else throw refuseOption(name);
  }
  const expand = values.get('$expand');
  if (expand) {
    parseExpand(expand);
    throw notAvailable("The query option '$expand'");
  }
  const select = values.get('$select');
  const filter = values.get('$filter');
  const orderBy = values.get('$orderby');
  return {
    select: select ? parseSelect(select) : null,
    filter: filter === undefined ? null : parseExpressionText(filter),
    orderBy: orderBy ? parseOrderBy(orderBy) : [],
    top: parseTop(values.get('$top')),
    count: parseCount(values.get('$count')),
    skipToken: values.get('$skiptoken') ?? null,
    aliases,
  };
}

function refuseOption(name: string): DataverseError {
  if (name === '$skip') return new DataverseError('badQuery', 'Skip Clause is not supported in CRM');
  if (laterOptions.includes(name)) return notAvailable(`The query option '${name}'`);
  if (listOptions.some((option) => option === name)) {
    return new DataverseError('badQuery', `The query option '${name}' can't be used with this resource.`);
  }
  return new DataverseError('unsupportedParameter', `The query parameter ${name} is not supported`);
}

function parseTop(text: string | undefined): number | null {
  if (text === undefined) return null;
  const top = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (top <= largestPage) return top;
  const problem = Number.isNaN(top)
    ? `Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`
    : `The limit of $top is ${largestPage} rows; use paging (odata.maxpagesize) for more.`;
  throw new DataverseError('badQuery', problem);
}

function parseCount(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  const problem = `Invalid value '${text}' for $count query option found. Valid values are 'true' and 'false'.`;
  throw new DataverseError('badQuery', problem);
}
