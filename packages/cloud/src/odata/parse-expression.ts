import {
  type BinaryOperator,
  bindingPowers,
  type Expression,
  type UnaryExpression,
  unaryBindingPower,
} from './expression.ts';
import { parseOperand, parseRoundList } from './parse-operand.ts';
import { createTokenCursor, type TokenCursor } from './token-cursor.ts';

/** A chain of operators becomes a tree as deep as it is long: this keeps its readers off the stack's end. */
const maximumChain = 500;

/**
 * Reads a whole OData expression, e.g. the value of `$filter`: operators with their precedence, function calls
 * with positional and named arguments, lambdas, lists, records, every literal of OData 4.
 *
 * @throws ODataSyntaxError, with the position of what can't be read
 */
export function parseExpressionText(source: string): Expression {
  const cursor = createTokenCursor(source);
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
