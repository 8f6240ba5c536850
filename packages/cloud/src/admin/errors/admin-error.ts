import { httpStatus } from '../../ground/http-status.ts';

/** A refusal in the words of Azure Resource Manager, which Power Platform's admin API shares ("Common error codes"). */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What the real services can do and these can't: said plainly, never answered wrongly. */
export function notThere(path: string): AdminError {
  return new AdminError(
    httpStatus.notFound,
    'NotFound',
    `The local Microsoft cloud has nothing at '${path}' of this service.`,
  );
}
