import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';

/** Names under which a secret could be handed to the log by mistake: what is there is never written. */
const secretNames = [
  'authorization',
  'cookie',
  'accessToken',
  'refreshToken',
  'idToken',
  'clientSecret',
  'clientCertificate',
  'privateKey',
  'assertion',
  'codeVerifier',
  'apiKey',
  'password',
];

const deepestCause = 5;

/** @returns the hub's log: JSON lines, times in ISO 8601, errors without the data that drivers hang on them */
export function createLog(
  { logLevel }: { logLevel: LevelWithSilent },
  destination?: DestinationStream,
): Logger {
  const options = {
    level: logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: {
      err: (error: unknown) => describeError(error, { depth: deepestCause, stacks: true }),
      // Of what is no surprise: where it came from tells nothing, and a service that is away fills the log.
      cause: (error: unknown) => describeError(error, { depth: deepestCause, stacks: false }),
    },
    redact: secretNames.flatMap((name) => [name, `*.${name}`]),
  };
  return destination ? pino(options, destination) : pino(options);
}

interface ErrorDescription {
  name: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: ErrorDescription;
}

/** `pg` hangs rows on its errors and undici the request: only these fields are written. */
function describeError(
  error: unknown,
  { depth, stacks }: { depth: number; stacks: boolean },
): ErrorDescription {
  if (!(error instanceof Error)) return { name: 'Unknown', message: String(error) };
  // JSON.parse quotes the text that it fails on, which may be a token answer.
  if (error instanceof SyntaxError) return { name: error.name, message: 'withheld: it quotes the text' };
  return {
    name: error.name,
    message: error.message,
    ...('code' in error && { code: String(error.code) }),
    ...(stacks && error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined &&
      depth > 0 && { cause: describeError(error.cause, { depth: depth - 1, stacks }) }),
  };
}
