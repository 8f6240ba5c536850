import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { hubVersion } from '../config/config.ts';
import { HubError } from '../errors/hub-error.ts';
import type { StartTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { acceptEncoding, decodeBody } from './decode-body.ts';
import { describeNetworkError, isHttpStatus, UnknownStatusError } from './describe-network-error.ts';
import { OutboundError, type OutboundRequest, type OutboundResponse } from './outbound-http.ts';

/** No answer of a token endpoint, of Graph or of a discovery document comes near this. */
const mostAnswerBytes = 1024 * 1024;

type WholeRequest = OutboundRequest & { timeoutMilliseconds: number };

/**
 * Sends one request and reads its whole answer.
 *
 * @throws OutboundError when no whole answer came in time; HubError `address_not_allowed` from the look-up
 */
export async function requestWhole(
  { pool, startTimer }: { pool: Dispatcher; startTimer: StartTimer },
  url: URL,
  request: WholeRequest,
): Promise<OutboundResponse> {
  const patience = new AbortController();
  const { signal } = patience;
  const overdue = Promise.withResolvers<never>();
  const timer = startTimer(request.timeoutMilliseconds, () => {
    patience.abort();
    overdue.reject(signal.reason);
  });
  try {
    // undici looks at the signal only once it has a connection.
    const sent = pool.request({
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: {
        'accept-encoding': acceptEncoding,
        'user-agent': `latchkey/${hubVersion}`,
        ...request.headers,
      },
      body: request.body ?? null,
      signal,
    });
    const answer = await Promise.race([sent, overdue.promise]);
    const bytes = await readBytes(answer.body);
    if (!isHttpStatus(answer.statusCode)) throw new UnknownStatusError(answer.statusCode);
    const flat = flatten(answer.headers);
    const body = decodeBody({
      bytes,
      contentEncoding: flat['content-encoding'],
      contentType: flat['content-type'],
      mostBytes: mostAnswerBytes,
    });
    return { status: answer.statusCode, headers: flat, body };
  } catch (error) {
    if (error instanceof HubError || error instanceof OutboundError) throw error;
    throw toOutboundError(error, { host: url.host, timedOut: signal.aborted, request });
  } finally {
    timer[Symbol.dispose]();
  }
}

async function readBytes(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const { promise: read, resolve, reject } = Promise.withResolvers<void>();
  // A loop over the body takes three times as long.
  body.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    // Its connection goes with it.
    if (bytes > mostAnswerBytes) {
      body.destroy(
        new OutboundError('ANSWER_TOO_LARGE', `The answer is larger than ${mostAnswerBytes} bytes.`),
      );
    }
  });
  body.once('end', resolve).once('error', reject);
  await read;
  return Buffer.concat(chunks);
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** The message names the host alone: paths and queries may carry codes. */
function toOutboundError(
  cause: unknown,
  { host, timedOut, request }: { host: string; timedOut: boolean; request: WholeRequest },
): OutboundError {
  const { kind, code, sentence } = describeNetworkError(cause);
  if (timedOut || kind === 'timeout') {
    const seconds = request.timeoutMilliseconds / millisecondsPerSecond;
    return new OutboundError('ETIMEDOUT', `${host} gave no whole answer within ${seconds} s.`, { cause });
  }
  return new OutboundError(code, `${host} ${sentence}.`, { cause });
}
