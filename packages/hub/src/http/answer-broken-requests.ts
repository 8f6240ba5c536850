import { ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import { presentProblem, problemMediaType } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

interface Refusal {
  status: number;
  detail: string;
}

/** What Node's HTTP parser calls a request that has more specific a status than 400. */
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive whole in time.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'The extensions of a chunk are too long.' },
  HPE_INVALID_URL: {
    status: 400,
    detail:
      'The address has a character that none may have, such as a letter outside of ASCII: percent-encode it, in UTF-8 (é is %C3%A9).',
  },
  // What the parser finds where "HTTP/1.1" should follow the address: what comes after a blank in it, as a rule.
  HPE_INVALID_CONSTANT: {
    status: 400,
    detail:
      'After the address something else follows than "HTTP/1.1". An address has no blanks: percent-encode them (%20).',
  },
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The headers are longer than the hub takes.' },
};

/** The parser's own words are not repeated: they may quote the request. */
const brokenHttp: Refusal = {
  status: 400,
  detail: 'This is no HTTP that the hub understands: its method, a header or its body is wrong.',
};

/**
 * Answers what never becomes a request: broken HTTP, unknown methods, headers without end, bodies that don't arrive.
 * Such failures come from below the router, so the problem is written to the socket itself, which ends with it.
 *
 * @param createRequestId the ids that requests get
 */
export function answerBrokenRequests(
  { config, log }: HubContext,
  createRequestId: () => string,
): (error: Error & { code?: string }, socket: Socket) => void {
  return ({ code }, socket) => {
    if (hasNoUseForAnswer(socket)) {
      socket.destroy();
      return;
    }
    const { status, detail } = refusals[code ?? ''] ?? brokenHttp;
    const requestId = createRequestId();
    log.info({ requestId, status, reason: code }, 'request broken');
    // RFC 9457 §3.1.2: the member repeats the answer's status, which is finer here than the table's.
    const problem = { ...presentProblem(new HubError('request_malformed', { detail }), requestId), status };
    const body = JSON.stringify(problem);
    const headers = {
      ...securityHeaders(config),
      'x-request-id': requestId,
      'cache-control': 'no-store',
      'content-type': problemMediaType,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
    socket.destroySoon();
  };
}

/**
 * The caller is gone, or is in the middle of an answer that a second one would corrupt. Node itself asks its own
 * member of the socket for that, and has no other for it.
 */
function hasNoUseForAnswer(socket: Socket): boolean {
  if (!socket.writable) return true;
  const answer: unknown = Reflect.get(socket, '_httpMessage');
  return answer instanceof ServerResponse && answer.headersSent;
}
