import { DataverseError } from '../errors/dataverse-error.ts';
import type { OrderColumn, OrderKey } from './compile-order.ts';

/** Where a page begins: after the row at `after`. */
export interface PageStart {
  /** Counted from 1. */
  pageNumber: number;
  after: OrderKey;
}

/**
 * Writes the `$skiptoken` of the next page as Dataverse does: an XML cookie that names the last and first row
 * of the page before, itself URL-encoded within an XML cookie that is URL-encoded once more.
 */
export function writeSkipToken(
  columns: readonly OrderColumn[],
  { pageNumber, first, last }: { pageNumber: number; first: OrderKey; last: OrderKey },
): string {
  const elements = columns.map(({ name }, index) => {
    const isKey = index === columns.length - 1;
    return `<${name}${attribute('last', last[index], isKey)}${attribute('first', first[index], isKey)} />`;
  });
  const inner = `<cookie page="${pageNumber - 1}">${elements.join('')}</cookie>`;
  const outer = `<cookie pagenumber="${pageNumber}" pagingcookie="${encodeLowerCase(inner)}" istracking="False" />`;
  return encodeURIComponent(outer).replaceAll('%3D', '=').replaceAll('%2F', '/');
}

/**
 * Reads a `$skiptoken`, once URL-decoded.
 *
 * @throws DataverseError 400 when it is not one of this query's
 */
export function readSkipToken(columns: readonly OrderColumn[], token: string): PageStart {
  const outer = /^<cookie pagenumber="(\d{1,9})" pagingcookie="([^"]*)" istracking="False" \/>$/.exec(token);
  const [, pageNumber, encoded] = outer ?? [];
  if (pageNumber === undefined || encoded === undefined) throw malformedCookie();
  const inner = decode(encoded);
  const elements = [...inner.matchAll(/<([\w.]+) last(?:="([^"]*)"|null="1")/g)];
  const matching = elements.length === columns.length;
  if (!matching || !columns.every(({ name }, index) => elements[index]?.[1] === name))
    throw malformedCookie();
  const after = columns.map(({ kind }, index) => {
    const text = elements[index]?.[2];
    if (text === undefined) return null;
    return kind === 'number'
      ? Number(text)
      : unescapeXml(text).replace(/^\{([\dA-F-]{36})\}$/, lowerCaseGuid);
  });
  return { pageNumber: Number(pageNumber), after };
}

function attribute(name: string, value: string | number | null | undefined, isKey: boolean): string {
  if (value === null || value === undefined) return ` ${name}null="1"`;
  return ` ${name}="${isKey ? `{${String(value).toUpperCase()}}` : escapeXml(String(value))}"`;
}

function lowerCaseGuid(_whole: string, id: string): string {
  return id.toLowerCase();
}

/** .NET's URL encoding: lower-case hex, `=` and quotes encoded too. */
function encodeLowerCase(text: string): string {
  return encodeURIComponent(text).replaceAll(/%[\dA-F]{2}/g, (encoded) => encoded.toLowerCase());
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw malformedCookie({ cause });
  }
}

function malformedCookie(options?: ErrorOptions): DataverseError {
  return new DataverseError('invalidArgument', 'Malformed XML in the Paging Cookie', options);
}

const xmlEscapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' } as const;

function escapeXml(text: string): string {
  return Object.entries(xmlEscapes).reduce(
    (escaped, [plain, entity]) => escaped.replaceAll(plain, entity),
    text,
  );
}

function unescapeXml(text: string): string {
  return Object.entries(xmlEscapes).reduceRight(
    (plain, [character, entity]) => plain.replaceAll(entity, character),
    text,
  );
}
