import type { Expression } from './expression.ts';
import { parseExpression } from './parse-expression.ts';
import { createTokenCursor, type KeywordSpelling, type TokenCursor } from './tokens.ts';

export interface OrderItem {
  expression: Expression;
  descending: boolean;
}

/** A path of `$select`; `['*']` stands for all properties. */
export type SelectItem = string[];

/** One relation of `$expand` with the options in its parentheses. */
export interface ExpandItem {
  names: string[];
  select: SelectItem[] | null;
  filter: Expression | null;
  orderBy: OrderItem[] | null;
  expand: ExpandItem[] | null;
  /** Options whose value is a plain word or number: `$top`, `$skip`, `$count`, `$levels`. */
  plain: Record<string, string>;
}

/** Reads the value of `$select`. @throws ODataSyntaxError */
export function parseSelect(source: string): SelectItem[] {
  return parseWhole(source, parseSelectItems);
}

/** Reads the value of `$orderby`. @throws ODataSyntaxError */
export function parseOrderBy(source: string, spelling?: KeywordSpelling): OrderItem[] {
  return parseWhole(source, parseOrderItems, spelling);
}

/** Reads the value of `$expand`, nested options included. @throws ODataSyntaxError */
export function parseExpand(source: string): ExpandItem[] {
  return parseWhole(source, parseExpandItems);
}

function parseWhole<T>(source: string, rule: (cursor: TokenCursor) => T, spelling?: KeywordSpelling): T {
  const cursor = createTokenCursor(source, spelling);
  const parsed = rule(cursor);
  cursor.expectEnd();
  return parsed;
}

function parseSeparated<T>(cursor: TokenCursor, item: (cursor: TokenCursor) => T): T[] {
  const items = [item(cursor)];
  while (cursor.accept(',')) items.push(item(cursor));
  return items;
}

function parseSelectItems(cursor: TokenCursor): SelectItem[] {
  return parseSeparated(cursor, () => (cursor.accept('*') ? ['*'] : parseNames(cursor)));
}

function parseOrderItems(cursor: TokenCursor): OrderItem[] {
  return parseSeparated(cursor, () => {
    const expression = parseExpression(cursor);
    const descending = cursor.accept('desc');
    if (!descending) cursor.accept('asc');
    return { expression, descending };
  });
}

function parseExpandItems(cursor: TokenCursor): ExpandItem[] {
  return parseSeparated(cursor, () =>
    cursor.nested(() => {
      const item: ExpandItem = {
        names: parseNames(cursor),
        select: null,
        filter: null,
        orderBy: null,
        expand: null,
        plain: {},
      };
      if (cursor.accept('(')) {
        do parseExpandOption(cursor, item);
        while (cursor.accept(';'));
        cursor.expect(')');
      }
      return item;
    }),
  );
}

function parseExpandOption(cursor: TokenCursor, item: ExpandItem): void {
  const option = cursor.expectKind('name', 'Query option');
  cursor.expect('=');
  switch (option.text) {
    case '$select':
      item.select = parseSelectItems(cursor);
      return;
    case '$filter':
      item.filter = parseExpression(cursor);
      return;
    case '$orderby':
      item.orderBy = parseOrderItems(cursor);
      return;
    case '$expand':
      item.expand = parseExpandItems(cursor);
      return;
    case '$top':
    case '$skip':
    case '$count':
    case '$levels':
      item.plain[option.text] = parseWord(cursor);
      return;
    default:
      throw cursor.fail(`Query option '${option.text}' is not known within $expand`, option);
  }
}

function parseWord(cursor: TokenCursor): string {
  const token = cursor.take();
  if (token.kind !== 'integer' && token.kind !== 'name')
    throw cursor.fail('A number or word expected', token);
  return token.text;
}

function parseNames(cursor: TokenCursor): string[] {
  const names = [cursor.expectKind('name', 'Property name').text];
  while (cursor.accept('/')) names.push(cursor.expectKind('name', 'Property name').text);
  return names;
}
