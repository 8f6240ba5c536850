import { HubError } from '../errors/hub-error.ts';
import {
  firstServerError,
  forbidden,
  notFound,
  tooManyRequests,
  unauthorized,
} from '../ground/http-status.ts';
import { describeOutboundError } from '../outbound/describe-outbound-error.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import { GraphError } from './graph-error.ts';

/**
 * Turns what a step threw into a failure with a stable code and the next step. What no rule expects becomes
 * `internal_error` with the cause kept for the log.
 */
export function explainStepFailure(error: unknown): HubError {
  if (error instanceof HubError) return error;
  if (error instanceof OutboundError) {
    return describeOutboundError(error, {
      code: 'graph_unavailable',
      detail: `No whole answer came from Microsoft Graph: ${error.message}`,
    });
  }
  if (error instanceof GraphError) return explainGraphError(error);
  return new HubError('internal_error', { cause: error });
}

/** Whether going on takes another sign-in, so that the token at hand is of no more use. */
export function needsOtherSignIn(error: HubError): boolean {
  if (error.code === 'administrator_sign_in_ended') return true;
  const status = error.options.remote?.httpStatus;
  return error.code === 'graph_refused' && (status === unauthorized || status === forbidden);
}

function explainGraphError(error: GraphError): HubError {
  const { status, remote } = error;
  if (status === tooManyRequests || status >= firstServerError) {
    return new HubError('graph_unavailable', { detail: remote.message, remote, cause: error });
  }
  if (status === unauthorized) {
    return new HubError('graph_refused', {
      detail: 'Microsoft Graph does not accept the administrator’s sign-in any more.',
      remedy: 'Sign in again as an administrator; the registration goes on where it stopped.',
      remote,
      cause: error,
    });
  }
  if (status === forbidden) {
    return new HubError('graph_refused', {
      detail: 'The person who signed in may not do this in the tenant.',
      remedy:
        'Sign in as a Cloud Application Administrator, Application Administrator or Global Administrator.',
      remote,
      cause: error,
    });
  }
  if (status === notFound) {
    return new HubError('graph_refused', {
      detail: 'Microsoft Graph does not find what the step before made.',
      remedy: 'Try again in some minutes. If it was deleted in the portal meanwhile, undo the registration.',
      remote,
      cause: error,
    });
  }
  return new HubError('graph_refused', {
    detail: remote.message,
    remedy: 'Do what the message from Microsoft asks for, then try again.',
    remote,
    cause: error,
  });
}
