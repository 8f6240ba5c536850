import { guidPattern } from '@latchkey/microsoft';
import { ODataSyntaxError } from './odata-syntax-error.ts';

export type TokenKind =
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
  /** The characters as they stand in the source. */
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

const blank = /[ \t\r\n]+/y;

/**
 * Splits an OData text into tokens; the last one is always `end`.
 *
 * @throws ODataSyntaxError at a character that begins no token
 */
export function tokenize(source: string): Token[] {
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
