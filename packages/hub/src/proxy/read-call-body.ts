import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { HubError } from '../errors/hub-error.ts';
import type { StartTimer } from '../ground/clock.ts';
import { StalledCallError } from './explain-upstream-error.ts';

/** Bodies up to this size are read first, so that the call can be made again with another token. */
const replayableBytes = 64 * 1024;

/** The caller closed the connection; there is nobody left to answer. */
export class CallerGoneError extends Error {
  constructor() {
    super('The caller went away before the call was done.');
    this.name = 'CallerGoneError';
  }
}

/** `null`: no body. A buffer can be sent again; a stream flows once. */
export type CallBody = Buffer | Readable | null;

/**
 * Reads the body of a call if its announced length is small, and lets it stream otherwise.
 *
 * @param stallMilliseconds how long a small body may stand still
 * @throws CallerGoneError in the middle of a small body; HubError `body_too_slow` when it stalls
 */
export function readCallBody(
  timing: { startTimer: StartTimer },
  request: IncomingMessage,
  stallMilliseconds: number,
): CallBody | Promise<Buffer> {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (coding === undefined && (length === undefined || length === '0')) return null;
  if (length === undefined || Number(length) > replayableBytes) return streamBody(request);
  return readWhole(timing, request, stallMilliseconds);
}

async function readWhole(
  { startTimer }: { startTimer: StartTimer },
  request: IncomingMessage,
  stallMilliseconds: number,
): Promise<Buffer> {
  if (request.destroyed) throw new CallerGoneError();
  const body = streamBody(request);
  using stall = startTimer(stallMilliseconds, () => body.destroy(bodyTooSlow()));
  const chunks: Buffer[] = [];
  const arriving: AsyncIterable<Buffer> = body;
  for await (const chunk of arriving) {
    stall.refresh();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function bodyTooSlow(): HubError {
  const cause = new StalledCallError('caller');
  return new HubError('body_too_slow', { detail: cause.message, cause });
}

/**
 * Lets the body flow through without handing over the request itself: whoever takes a stream may destroy it, and
 * destroying the request would close the socket on which the caller still waits for the answer.
 */
function streamBody(request: IncomingMessage): Readable {
  const body = new Readable({
    read() {
      request.resume();
    },
    destroy(error, done) {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      done(error);
    },
  });
  function onData(chunk: Buffer): void {
    if (!body.push(chunk)) request.pause();
  }
  function onEnd(): void {
    body.push(null);
  }
  function onClose(): void {
    if (!request.readableEnded) body.destroy(new CallerGoneError());
  }
  // Attached before the first read; a paused stream keeps what has arrived until then.
  request.pause().on('data', onData).on('end', onEnd).on('close', onClose);
  return body;
}
