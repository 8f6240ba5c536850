export type HubStartErrorCode = 'port_taken' | 'port_unavailable' | 'metrics_port_unavailable';

/** The hub can't listen. `message` says why, `remedy` what to do. */
export class HubStartError extends Error {
  override readonly name = 'HubStartError';
  readonly code: HubStartErrorCode;
  readonly remedy: string;

  constructor(
    code: HubStartErrorCode,
    message: string,
    { remedy, cause }: { remedy: string; cause: unknown },
  ) {
    super(message, { cause });
    this.code = code;
    this.remedy = remedy;
  }
}
