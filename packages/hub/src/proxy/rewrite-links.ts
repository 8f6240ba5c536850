/** What is changed on the way of a body, and what into. */
export interface LinkRewriting {
  /** How addresses begin that are changed, `https://contoso.crm4.dynamics.com/api/data/` for one. */
  from: string;
  /** What they begin with afterwards. */
  to: string;
  /** The members of JSON objects whose texts are such addresses, by the ends of their names. */
  members: readonly string[];
  /** How heads of HTTP messages within the body begin, as a line: those of a batch. */
  heads: readonly string[];
}

/** Takes a body in chunks of any size. What comes out is the body so far, but for what can't be told yet. */
export interface LinkRewriter {
  push(chunk: Buffer): Buffer;
  end(): Buffer;
}

/** Dataverse's longest address is 32 KiB; with every character escaped it is six times that. What is longer is left as it is. */
const longestPieceBytes = 256 * 1024;

const lineFeed = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const whitespace: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const nothing = Buffer.alloc(0);

/** A place in the body where something may begin that is changed. */
interface Marker {
  bytes: Buffer;
  kind: 'member' | 'head';
}

/** `more`: what begins there has not come whole. */
type Piece = { end: number; text: Buffer } | 'more';

/**
 * Changes addresses in a body of JSON or of a batch, without keeping more of it than one address.
 *
 * A member is found by the end of its name and the quote behind that, which needs no parsing: in JSON such a quote ends a
 * text, since it has no backslash before it, and a text with a colon behind it is a name. Within heads of a batch (RFC
 * 9112 §2.1), the address of a request and those of `Location` and `OData-EntityId` are changed; a `Content-Length` there
 * would no longer be right and is left out.
 */
export function createLinkRewriter(rewriting: LinkRewriting): LinkRewriter {
  const { from, to } = rewriting;
  const start = Buffer.from(from);
  const markers: Marker[] = [
    ...rewriting.members.map((name): Marker => ({ bytes: Buffer.from(`${name}"`), kind: 'member' })),
    ...rewriting.heads.map((line): Marker => ({ bytes: Buffer.from(`\n${line}`), kind: 'head' })),
  ];
  const longestMarker = Math.max(...markers.map(({ bytes }) => bytes.length));
  let kept: Buffer = nothing;

  function rewrite(data: Buffer, isEnd: boolean): Buffer {
    const out: Buffer[] = [];
    const found = markers.map(({ bytes }) => data.indexOf(bytes));
    let done = 0;
    let position = 0;
    for (;;) {
      const next = nextMarker(data, markers, found, position);
      if (!next) break;
      const { at, marker } = next;
      const piece = marker.kind === 'member' ? readMember(data, at, marker) : readHead(data, at);
      if (piece === 'more') {
        if (isEnd || data.length - at > longestPieceBytes) break;
        out.push(data.subarray(done, at));
        kept = data.subarray(at);
        return Buffer.concat(out);
      }
      out.push(data.subarray(done, at), piece.text);
      done = piece.end;
      position = piece.end;
    }
    const held = isEnd
      ? data.length
      : beginOfMarker(data, Math.max(done, data.length - longestMarker + 1), markers);
    out.push(data.subarray(done, held));
    kept = data.subarray(held);
    return out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
  }

  function readMember(data: Buffer, at: number, { bytes }: Marker): Piece {
    const nameEnd = at + bytes.length;
    const colonAt = skipWhitespace(data, nameEnd);
    if (colonAt === data.length) return 'more';
    if (data[colonAt] !== colon) return { end: nameEnd, text: data.subarray(at, nameEnd) };
    const textAt = skipWhitespace(data, colonAt + 1);
    if (textAt === data.length) return 'more';
    if (data[textAt] !== quote) return { end: textAt, text: data.subarray(at, textAt) };
    const end = endOfText(data, textAt + 1);
    if (end === -1) return 'more';
    const text = rewriteText(data.subarray(textAt + 1, end));
    return { end, text: Buffer.concat([data.subarray(at, textAt + 1), text]) };
  }

  /** @param raw the inside of a JSON text */
  function rewriteText(raw: Buffer): Buffer {
    if (raw.subarray(0, start.length).equals(start))
      return Buffer.concat([Buffer.from(to), raw.subarray(start.length)]);
    if (!raw.includes(backslash)) return raw;
    const text = unescapeText(raw);
    if (!text?.startsWith(from)) return raw;
    return Buffer.from(JSON.stringify(to + text.slice(from.length)).slice(1, -1));
  }

  function readHead(data: Buffer, at: number): Piece {
    const end = endOfHead(data, at + 1);
    if (end === -1) return 'more';
    const lines = data.toString('latin1', at, end).split('\n');
    const changed = lines.filter((line) => !/^content-length:/i.test(line)).map(rewriteLine);
    return { end, text: Buffer.from(changed.join('\n'), 'latin1') };
  }

  function rewriteLine(line: string): string {
    const address = /^((?:(?:location|odata-entityid):|[A-Z]+) *)(.*)$/is.exec(line);
    const [, before = '', rest = ''] = address ?? [];
    return rest.startsWith(from) ? before + to + rest.slice(from.length) : line;
  }

  return {
    push: (chunk) => rewrite(kept.length === 0 ? chunk : Buffer.concat([kept, chunk]), false),
    end: () => rewrite(kept, true),
  };
}

/** @param found where each marker is next; brought up to the position here */
function nextMarker(
  data: Buffer,
  markers: readonly Marker[],
  found: number[],
  position: number,
): { at: number; marker: Marker } | null {
  let next: { at: number; marker: Marker } | null = null;
  for (const [index, marker] of markers.entries()) {
    let at = found[index] ?? -1;
    if (at !== -1 && at < position) {
      at = data.indexOf(marker.bytes, position);
      found[index] = at;
    }
    if (at !== -1 && (next === null || at < next.at)) next = { at, marker };
  }
  return next;
}

/** @returns where a marker begins of which the rest has not come; the end of the data where none does */
function beginOfMarker(data: Buffer, from: number, markers: readonly Marker[]): number {
  for (let at = from; at < data.length; at += 1) {
    const tail = data.subarray(at);
    if (markers.some(({ bytes }) => bytes.subarray(0, tail.length).equals(tail))) return at;
  }
  return data.length;
}

function skipWhitespace(data: Buffer, from: number): number {
  let at = from;
  while (at < data.length && whitespace.has(data[at] ?? 0)) at += 1;
  return at;
}

/** @returns where the quote is that ends the text; -1 when it has not come */
function endOfText(data: Buffer, from: number): number {
  for (let at = data.indexOf(quote, from); at !== -1; at = data.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (at - 1 - backslashes >= from && data[at - 1 - backslashes] === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** @returns where the empty line's line feed is; -1 when it has not come */
function endOfHead(data: Buffer, from: number): number {
  for (let at = data.indexOf(lineFeed, from); at !== -1; at = data.indexOf(lineFeed, at + 1)) {
    const next = data[at + 1] === 0x0d ? at + 2 : at + 1;
    if (data[next] === lineFeed) return next;
  }
  return -1;
}

function unescapeText(raw: Buffer): string | null {
  try {
    const text: unknown = JSON.parse(`"${raw.toString('utf8')}"`);
    return typeof text === 'string' ? text : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
