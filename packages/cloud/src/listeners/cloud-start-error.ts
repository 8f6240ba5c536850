export type CloudStartErrorCode =
  | 'port_taken'
  | 'port_unavailable'
  | 'host_invalid'
  | 'data_folder_unwritable'
  | 'database_damaged';

/** Why the local cloud could not start: one sentence for a person, with the way out. */
export class CloudStartError extends Error {
  readonly code: CloudStartErrorCode;
  /** The port that could not be had, with `port_taken` and `port_unavailable`. */
  readonly port: number | null;
  /** The service that needed the port, e.g. `Entra ID`. */
  readonly service: string | null;

  constructor(
    code: CloudStartErrorCode,
    message: string,
    {
      port = null,
      service = null,
      cause,
    }: { port?: number | null; service?: string | null; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'CloudStartError';
    this.code = code;
    this.port = port;
    this.service = service;
  }
}

/**
 * The `code` of an error of Node's own, such as `EADDRINUSE`. No `instanceof`: in Jest, the `Error` of the code under
 * test is another than Node's.
 */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
