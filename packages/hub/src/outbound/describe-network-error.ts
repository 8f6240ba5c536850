import { isCertificateUntrusted } from '../ground/is-certificate-untrusted.ts';

/** The statuses of HTTP (RFC 9110 §15); servers in fancy dress send others. */
const lowestStatus = 100;
const highestStatus = 599;

/** An answer whose status is none of HTTP's. */
export class UnknownStatusError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`HTTP has no status ${status}.`);
    this.name = 'UnknownStatusError';
    this.status = status;
  }
}

/** @returns whether an answer's status is one of HTTP's; with any other, the answer is not to be taken for one */
export function isHttpStatus(status: number): boolean {
  return status >= lowestStatus && status <= highestStatus;
}

/** What ended a call, as far as it can be told from what Node, OpenSSL and undici throw. */
export interface NetworkError {
  kind: 'timeout' | 'untrusted' | 'nonsense' | 'unreachable';
  /** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `UND_ERR_SOCKET`, …; `UNKNOWN` where there is none. */
  code: string;
  /** What goes on behind the host's name, without a full stop. */
  sentence: string;
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Answers that contradict themselves. */
const nonsenseSentences: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_OVERFLOW: 'sent more headers than any answer has',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'sent an answer that is cut off',
};

/** The code of what is no HTTP at all; the parser's and undici's own are of its inside. */
const noHttp = 'ANSWER_NO_HTTP';

const noHttpCodes: ReadonlySet<string> = new Set([
  noHttp,
  'ERR_HTTP_INVALID_STATUS_CODE',
  'ERR_INVALID_CHAR',
  // undici asserts what an answer has to be, such as that its status is no less than 100.
  'ERR_ASSERTION',
]);

/** What undici says when the other side switches protocols or continues, unasked. */
const noHttpMessages: ReadonlySet<string> = new Set(['bad response', 'bad upgrade', 'bad connect']);

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'cut the connection',
  UND_ERR_SOCKET: 'cut the connection',
  ENOTFOUND: 'has no address: its name is not known',
  EAI_AGAIN: 'has no address right now: the name service does not answer',
  EHOSTUNREACH: 'can’t be reached',
  ENETUNREACH: 'can’t be reached',
  CERT_HAS_EXPIRED: 'shows a certificate that has ended',
  CERT_NOT_YET_VALID: 'shows a certificate that is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name',
  // "wrong version number": what came is no TLS.
  EPROTO: 'does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS',
};

/** @param cause from undici, the socket or TLS; its own words are taken only where there are no better ones */
export function describeNetworkError(cause: unknown): NetworkError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN';
  const message = cause instanceof Error ? cause.message : String(cause);
  if (timeoutCodes.has(code)) return { kind: 'timeout', code, sentence: 'did not answer in time' };
  if (isCertificateUntrusted(code)) {
    const sentence = `shows a certificate of an authority that this hub does not trust (${code})`;
    return { kind: 'untrusted', code, sentence };
  }
  if (cause instanceof UnknownStatusError) {
    const sentence = `answered with the status ${cause.status}, which HTTP does not have`;
    return { kind: 'nonsense', code: noHttp, sentence };
  }
  const nonsense = nonsenseSentences[code];
  if (nonsense !== undefined) return { kind: 'nonsense', code, sentence: nonsense };
  if (isNoHttp(cause, message)) {
    return { kind: 'nonsense', code: noHttp, sentence: 'sent an answer that is no HTTP' };
  }
  // When every address of a name refuses, Node's error has a code and no message.
  const sentence = sentences[code] ?? `could not be called: ${message || code}`;
  return { kind: 'unreachable', code, sentence };
}

function isNoHttp(cause: unknown, message: string): boolean {
  if (!(cause instanceof Error)) return false;
  const hasCode = 'code' in cause && noHttpCodes.has(String(cause.code));
  return hasCode || noHttpMessages.has(message) || cause.name === 'HTTPParserError';
}
