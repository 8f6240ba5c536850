import {
  type Argument,
  type BinaryOperator,
  bindingPowers,
  type Expression,
  type ListExpression,
  type LiteralType,
  type UnaryExpression,
  unaryBindingPower,
} from './expression.ts';
import { createTokenCursor, type KeywordSpelling, type Token, type TokenCursor } from './tokens.ts';

/** A chain of operators becomes a tree as deep as it is long: this keeps its readers off the stack's end. */
const maximumChain = 500;

const keywordLiterals: Readonly<Record<string, LiteralType>> = {
  null: 'null',
  true: 'boolean',
  false: 'boolean',
};

/**
 * Reads a whole OData expression, e.g. the value of `$filter`: operators with their precedence, function calls
 * with positional and named arguments, lambdas, lists, records, every literal of OData 4.
 *
 * @throws ODataSyntaxError, with the position of what can't be read
 */
export function parseExpressionText(source: string, spelling?: KeywordSpelling): Expression {
  const cursor = createTokenCursor(source, spelling);
  const expression = parseExpression(cursor);
  cursor.expectEnd();
  return expression;
}

/** Reads one expression where the cursor stands and leaves what follows to the caller. */
export function parseExpression(cursor: TokenCursor): Expression {
  return parseInfix(cursor, 0);
}

/** Pratt's method: an operand, then every operator that binds tighter than `minimum` with its right side. */
function parseInfix(cursor: TokenCursor, minimum: number): Expression {
  return cursor.nested(() => {
    let left = parsePrefix(cursor);
    for (let length = 0; ; length += 1) {
      const operator = operatorAt(cursor);
      if (!operator || bindingPowers[operator] <= minimum) return left;
      if (length === maximumChain) throw cursor.fail(`More than ${maximumChain} operators in a row`);
      cursor.take();
      const right =
        operator === 'in' && cursor.at('(')
          ? parseRoundList(cursor)
          : parseInfix(cursor, bindingPowers[operator]);
      left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
    }
  });
}

function parsePrefix(cursor: TokenCursor): Expression {
  const token = cursor.peek();
  if (token.kind === 'name' && token.text === 'not' && startsOperand(cursor))
    return parseUnary(cursor, 'not');
  if (token.kind === 'punctuation' && token.text === '-') return parseUnary(cursor, 'negate');
  return parseOperand(cursor);
}

function parseUnary(cursor: TokenCursor, operator: UnaryExpression['operator']): Expression {
  const { start } = cursor.take();
  const operand = parseInfix(cursor, unaryBindingPower);
  return { kind: 'unary', operator, operand, start, end: operand.end };
}

/** `not` is a word like any other unless an operand follows it. */
function startsOperand(cursor: TokenCursor): boolean {
  const following = cursor.peek(1);
  if (following.kind === 'punctuation') return ['(', '-', '[', '{'].includes(following.text);
  return following.kind !== 'end' && !(following.kind === 'name' && isOperator(following.text));
}

function operatorAt(cursor: TokenCursor): BinaryOperator | undefined {
  const { kind, text } = cursor.peek();
  return kind === 'name' && isOperator(text) ? text : undefined;
}

function isOperator(text: string): text is BinaryOperator {
  return Object.hasOwn(bindingPowers, text);
}

/** Reads what stands between operators: a literal, path, call, lambda, alias, list, record or `( … )`. */
function parseOperand(cursor: TokenCursor): Expression {
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
function parseRoundList(cursor: TokenCursor): ListExpression {
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
