/** A request that the portal itself refuses, with its HTTP status and a sentence for the person. */
export class PortalError extends Error {
  override readonly name = 'PortalError';
  readonly status: number;

  constructor(status: 400 | 403 | 404, message: string) {
    super(message);
    this.status = status;
  }
}
