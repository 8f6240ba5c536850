import { guidPattern } from '@latchkey/microsoft';
import { ODataSyntaxError } from './odata-syntax-error.ts';

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

/**
 * How operators, functions and the like may be written: in lower case alone, as OData 4.0 has them, or in any, as OData
 * 4.01 and Microsoft's library where it is told to ignore the case of names.
 */
export type KeywordSpelling = 'lower_case' | 'any_case';

const keywords = new Set(
  'eq ne gt ge lt le and or not in has add sub mul div divby mod asc desc any all startswith endswith contains'.split(
    ' ',
  ),
);

/** Microsoft's OData library stops at this depth too; it keeps a hostile text from exhausting the stack. */
const maximumDepth = 100;

/** @throws ODataSyntaxError when the text has characters that begin no token */
export function createTokenCursor(source: string, spelling: KeywordSpelling = 'lower_case'): TokenCursor {
  const tokens = spelling === 'any_case' ? tokenize(source).map(withPlainKeyword) : tokenize(source);
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

type TokenKind =
  | 'string'
  | 'guid'
  | 'dateTime'
  | 'date'
  | 'timeOfDay'
  | 'double'
  | 'decimal'
  | 'integer'
  | 'typed'
  | 'name'
  | 'alias'
  | 'punctuation'
  | 'end';

export interface Token {
  kind: TokenKind;
  /** The characters as they stand in the source; a keyword that may be written in any case is in lower case. */
  text: string;
  start: number;
  end: number;
}

/**
 * The lexical rules, tried in this order at each position. A GUID comes before numbers and names because it
 * may begin like either; dates before numbers; `Type'Value'` before names. Strings double their quotes
 * (OData 4.01 ABNF, `SQUOTE-in-string`); double quotes appear in JSON lists only.
 */
const rules: readonly (readonly [TokenKind, RegExp])[] = [
  ['string', /'[^']*(?:''[^']*)*'|"(?:[^"\\]|\\.)*"/y],
  ['guid', new RegExp(`${guidPattern}(?![\\w-])`, 'iy')],
  ['dateTime', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})(?!\w)/iy],
  ['date', /\d{4}-\d{2}-\d{2}(?![\w:])/y],
  ['timeOfDay', /\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?![\w:])/y],
  ['double', /-?\d+(?:\.\d+)?[eE][+-]?\d+(?![\w.])|-?INF(?![\w.])|NaN(?![\w.])/y],
  ['decimal', /-?\d+\.\d+(?![\w.])/y],
  ['integer', /-?\d+(?![\w.])/y],
  ['typed', /[A-Za-z_][\w.]*'[^']*(?:''[^']*)*'/y],
  ['name', /\$?[\p{L}_][\p{L}\p{Nd}_]*(?:\.[\p{L}_][\p{L}\p{Nd}_]*)*/uy],
  ['alias', /@[A-Za-z_]\w*/y],
  ['punctuation', /[()[\]{},;:/=*-]/y],
];

function withPlainKeyword(token: Token): Token {
  const text = token.text.toLowerCase();
  return token.kind === 'name' && keywords.has(text) ? { ...token, text } : token;
}

const blank = /[ \t\r\n]+/y;

/**
 * Splits an OData text into tokens; the last one is always `end`.
 *
 * @throws ODataSyntaxError at a character that begins no token
 */
function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let position = skipBlanks(source, 0);
  while (position < source.length) {
    const token = readToken(source, position);
    tokens.push(token);
    position = skipBlanks(source, token.end);
  }
  tokens.push({ kind: 'end', text: '', start: source.length, end: source.length });
  return tokens;
}

function readToken(source: string, start: number): Token {
  for (const [kind, rule] of rules) {
    rule.lastIndex = start;
    const text = rule.exec(source)?.[0];
    if (text) return { kind, text, start, end: start + text.length };
  }
  const problem = /['"]/.test(source.charAt(start))
    ? 'There is an unterminated string literal'
    : `Syntax error: character '${String.fromCodePoint(source.codePointAt(start) ?? 0)}' is not valid`;
  throw new ODataSyntaxError(problem, start, source);
}

function skipBlanks(source: string, position: number): number {
  blank.lastIndex = position;
  return position + (blank.exec(source)?.[0].length ?? 0);
}
