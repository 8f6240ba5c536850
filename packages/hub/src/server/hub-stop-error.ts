import { OperatorError, type OperatorErrors } from '../errors/operator-error.ts';

const hubStopErrors = {
  stopped_unfinished: {
    title: 'The hub ended before everything was stored',
    remedy:
      'Find out why the database did not answer. Connections whose new refresh token could not be stored go on by the one before; where Microsoft has ended that, they ask for a sign-in.',
  },
} as const satisfies OperatorErrors<string>;

/** The hub was asked to end, and had to leave something undone. */
export class HubStopError extends OperatorError<keyof typeof hubStopErrors> {
  override readonly name = 'HubStopError';

  constructor(code: keyof typeof hubStopErrors, detail: string) {
    super(hubStopErrors, code, detail);
  }
}
