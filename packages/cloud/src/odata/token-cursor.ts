import { ODataSyntaxError } from './odata-syntax-error.ts';
import { type Token, type TokenKind, tokenize } from './tokenize.ts';

/** Reads tokens one after the other; all parsers of this folder share one per text. */
export interface TokenCursor {
  readonly source: string;
  /** The token `ahead` of the current one, without taking it; 0 is the current. */
  peek(ahead?: number): Token;
  take(): Token;
  /** Whether the current token is this name or punctuation. */
  at(text: string): boolean;
  /** Takes the current token if it is this name or punctuation. */
  accept(text: string): boolean;
  /** Takes the current token, which must be this name or punctuation. */
  expect(text: string): Token;
  expectKind(kind: TokenKind, wanted: string): Token;
  expectEnd(): void;
  /** Runs a rule that may contain itself; refuses texts that are nested deeper than any honest query. */
  nested<T>(rule: () => T): T;
  fail(problem: string, at?: Token): ODataSyntaxError;
}

/** Microsoft's OData library stops at this depth too; it keeps a hostile text from exhausting the stack. */
const maximumDepth = 100;

/** @throws ODataSyntaxError when the text has characters that begin no token */
export function createTokenCursor(source: string): TokenCursor {
  const tokens = tokenize(source);
  const lastIndex = tokens.length - 1;
  let index = 0;
  let depth = 0;

  const cursor: TokenCursor = {
    source,
    peek(ahead = 0) {
      const token = tokens[Math.min(index + ahead, lastIndex)];
      if (!token) throw new ODataSyntaxError('Unexpected end', source.length, source);
      return token;
    },
    take() {
      const token = cursor.peek();
      index = Math.min(index + 1, lastIndex);
      return token;
    },
    at(text) {
      const token = cursor.peek();
      return token.text === text && (token.kind === 'name' || token.kind === 'punctuation');
    },
    accept(text) {
      if (!cursor.at(text)) return false;
      cursor.take();
      return true;
    },
    expect(text) {
      if (!cursor.at(text)) throw cursor.fail(`'${text}' expected`);
      return cursor.take();
    },
    expectKind(kind, wanted) {
      if (cursor.peek().kind !== kind) throw cursor.fail(`${wanted} expected`);
      return cursor.take();
    },
    expectEnd() {
      if (cursor.peek().kind !== 'end') throw cursor.fail('Syntax error');
    },
    nested(rule) {
      if (depth >= maximumDepth) throw cursor.fail('Recursion limit reached');
      depth += 1;
      try {
        return rule();
      } finally {
        depth -= 1;
      }
    },
    fail(problem, at = cursor.peek()) {
      return new ODataSyntaxError(problem, at.start, source);
    },
  };
  return cursor;
}
