import type { Argument, Expression, ListExpression, LiteralType } from './expression.ts';
import { parseExpression } from './parse-expression.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './tokenize.ts';

const keywordLiterals: Readonly<Record<string, LiteralType>> = {
  null: 'null',
  true: 'boolean',
  false: 'boolean',
};

/** Reads what stands between operators: a literal, path, call, lambda, alias, list, record or `( … )`. */
export function parseOperand(cursor: TokenCursor): Expression {
  const token = cursor.peek();
  switch (token.kind) {
    case 'string':
      cursor.take();
      return literal('string', stringContent(cursor, token), token);
    case 'typed':
      cursor.take();
      return typedLiteral(cursor, token);
    case 'alias':
      cursor.take();
      return { kind: 'alias', name: token.text, start: token.start, end: token.end };
    case 'name':
      return parseNamed(cursor);
    case 'punctuation':
      return parseBracketed(cursor);
    case 'end':
      throw cursor.fail('Expression expected');
    default:
      cursor.take();
      return literal(token.kind, token.text, token);
  }
}

/** Reads `( item, item, … )`, the right side of `in`. */
export function parseRoundList(cursor: TokenCursor): ListExpression {
  return parseList(cursor, '(', ')');
}

/** Reads `( … )` after a function or an entity set: nothing, values by their place, or `name=value` pairs. */
export function parseArguments(cursor: TokenCursor): { arguments: Argument[]; end: number } {
  cursor.expect('(');
  const parsed: Argument[] = [];
  while (!cursor.at(')')) {
    if (parsed.length > 0) cursor.expect(',');
    parsed.push(parseArgument(cursor));
  }
  return { arguments: parsed, end: cursor.take().end };
}

function parseArgument(cursor: TokenCursor): Argument {
  const named = cursor.peek().kind === 'name' && cursor.peek(1).text === '=';
  if (!named) return { name: null, value: parseExpression(cursor) };
  const name = cursor.take().text;
  cursor.take();
  return { name, value: parseExpression(cursor) };
}

/** A path, and what a parenthesis after it makes of it: a call, or a lambda after `any` and `all`. */
function parseNamed(cursor: TokenCursor): Expression {
  const first = cursor.take();
  const keyword = Object.hasOwn(keywordLiterals, first.text) ? keywordLiterals[first.text] : undefined;
  if (keyword && !cursor.at('/') && !cursor.at('(')) return literal(keyword, first.text, first);
  const names = [first.text];
  let last = first;
  while (cursor.accept('/')) {
    last = cursor.expectKind('name', 'Property name');
    names.push(last.text);
  }
  const { start } = first;
  if (!cursor.at('(')) return { kind: 'path', names, start, end: last.end };
  const target = names.slice(0, -1);
  if (target.length > 0 && (last.text === 'any' || last.text === 'all')) {
    return parseLambda(cursor, { source: target, operator: last.text, start });
  }
  return { kind: 'call', target, name: last.text, ...parseArguments(cursor), start };
}

function parseLambda(
  cursor: TokenCursor,
  lambda: { source: string[]; operator: 'any' | 'all'; start: number },
): Expression {
  cursor.expect('(');
  if (lambda.operator === 'any' && cursor.at(')')) {
    return { kind: 'lambda', ...lambda, condition: null, end: cursor.take().end };
  }
  const variable = cursor.expectKind('name', 'Range variable').text;
  cursor.expect(':');
  const predicate = parseExpression(cursor);
  return { kind: 'lambda', ...lambda, condition: { variable, predicate }, end: cursor.expect(')').end };
}

function parseBracketed(cursor: TokenCursor): Expression {
  if (cursor.at('[')) return parseList(cursor, '[', ']');
  if (cursor.at('{')) return parseRecord(cursor);
  if (!cursor.accept('(')) throw cursor.fail('Expression expected');
  const inner = parseExpression(cursor);
  cursor.expect(')');
  return inner;
}

function parseList(cursor: TokenCursor, open: string, close: string): ListExpression {
  const { start } = cursor.expect(open);
  const items: Expression[] = [];
  while (!cursor.at(close)) {
    if (items.length > 0) cursor.expect(',');
    items.push(parseExpression(cursor));
  }
  return { kind: 'list', items, start, end: cursor.take().end };
}

function parseRecord(cursor: TokenCursor): Expression {
  const { start } = cursor.expect('{');
  const entries: { name: string; value: Expression }[] = [];
  while (!cursor.at('}')) {
    if (entries.length > 0) cursor.expect(',');
    const name = stringContent(cursor, cursor.expectKind('string', 'Property name in quotes'));
    cursor.expect(':');
    entries.push({ name, value: parseExpression(cursor) });
  }
  return { kind: 'record', entries, start, end: cursor.take().end };
}

/** `duration'…'` and `binary'…'` are literals, any qualified name before the quote is an enumeration. */
function typedLiteral(cursor: TokenCursor, token: Token): Expression {
  const quote = token.text.indexOf("'");
  const typeName = token.text.slice(0, quote);
  const value = undoubleQuotes(token.text.slice(quote));
  if (typeName === 'duration' || typeName === 'binary') return literal(typeName, value, token);
  if (!typeName.includes('.')) throw cursor.fail(`Unrecognized literal '${token.text}'`, token);
  return { kind: 'enum', typeName, value, start: token.start, end: token.end };
}

function literal(type: LiteralType, text: string, { start, end }: Token): Expression {
  return { kind: 'literal', type, text, start, end };
}

function stringContent(cursor: TokenCursor, token: Token): string {
  if (token.text.startsWith("'")) return undoubleQuotes(token.text);
  try {
    return String(JSON.parse(token.text));
  } catch (cause) {
    // JSON.parse throws SyntaxError alone; its own position would count from the quote.
    throw Object.assign(cursor.fail('Invalid JSON string', token), { cause });
  }
}

function undoubleQuotes(quoted: string): string {
  return quoted.slice(1, -1).replaceAll("''", "'");
}
