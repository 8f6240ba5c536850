import { decodeBody } from '../outbound/decode-body.ts';
import { OutboundError } from '../outbound/outbound-http.ts';

/** How much of a refusal is kept to be understood; an API's error bodies are far smaller. */
const refusalBytes = 16 * 1024;
const unpackedBytes = 256 * 1024;

/** The body of a refusal, beside its way to the caller. */
export interface KeptRefusal {
  add(chunk: Buffer): void;
  /** @returns its text; null when it can't be read, or is longer than any refusal */
  read(): string | null;
}

/** @param headers of the answer: the caller may have asked for it compressed */
export function keepRefusal(headers: Record<string, string | string[] | undefined>): KeptRefusal {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(chunk) {
      bytes += chunk.length;
      if (bytes <= refusalBytes) chunks.push(chunk);
    },
    read() {
      if (bytes > refusalBytes) return null;
      try {
        return decodeBody({
          bytes: Buffer.concat(chunks),
          contentEncoding: headers['content-encoding']?.toString(),
          contentType: headers['content-type']?.toString(),
          mostBytes: unpackedBytes,
        });
      } catch (error) {
        if (error instanceof OutboundError) return null;
        throw error;
      }
    },
  };
}
