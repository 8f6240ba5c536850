import { aadsts } from '@latchkey/microsoft';
import { HubError } from '../errors/hub-error.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import {
  badRequest,
  conflict,
  firstServerError,
  forbidden,
  notFound,
  requestTimeout,
  tooManyRequests,
} from '../ground/http-status.ts';
import { mayPass } from '../outbound/describe-outbound-error.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { GraphError } from './graph-error.ts';

/** Whether a step that failed is tried again, when, and why. */
export type StepRetry =
  | { retry: true; delayMilliseconds: number; reason: 'replication' | 'throttled' | 'unavailable' }
  | { retry: false; reason: 'refused' | 'somebody_waits' | 'tries_used_up' | 'asked_to_wait_too_long' };

/** Directory writes are eventually consistent: 5 to 30 s, rarely more. Together one minute. */
const delaysMilliseconds = [5, 10, 15, 30].map((seconds) => seconds * millisecondsPerSecond);
const longestWaitMilliseconds = millisecondsPerMinute;

/** A new secret, certificate or federated credential, or a new application, that the token endpoint has not heard of yet. */
const notReplicatedCodes: ReadonlySet<string> = new Set([
  `AADSTS${aadsts.invalidClientSecret}`,
  `AADSTS${aadsts.invalidAssertionSignature}`,
  `AADSTS${aadsts.noFederatedIdentity}`,
  `AADSTS${aadsts.noFederatedIdentityForIssuer}`,
  `AADSTS${aadsts.noFederatedIdentityForSubject}`,
  `AADSTS${aadsts.unknownClient}`,
]);

/**
 * Decides about one failure of a step. Steps look before they create, so each may be done again as a whole.
 *
 * @param kind an adopted application exists already, so nothing is replicating, and its proof is waited for
 * @param tries how often the step was tried in this run, the failed try included
 */
export function decideStepRetry(error: unknown, kind: RegistrationRow['kind'], tries: number): StepRetry {
  if (kind === 'adopted') return { retry: false, reason: 'somebody_waits' };
  const reason = passingReason(error);
  if (reason === null) return { retry: false, reason: 'refused' };
  const delayMilliseconds = delaysMilliseconds[tries - 1];
  if (delayMilliseconds === undefined) return { retry: false, reason: 'tries_used_up' };
  const askedFor = error instanceof GraphError ? (error.retryAfterMilliseconds ?? 0) : 0;
  if (askedFor > longestWaitMilliseconds) return { retry: false, reason: 'asked_to_wait_too_long' };
  return { retry: true, delayMilliseconds: Math.max(delayMilliseconds, askedFor), reason };
}

/** @returns why a failure may pass by itself, or null when the same request gets the same answer */
function passingReason(error: unknown): 'replication' | 'throttled' | 'unavailable' | null {
  if (error instanceof OutboundError) return mayPass(error) ? 'unavailable' : null;
  if (error instanceof GraphError) return passingGraphReason(error);
  if (!(error instanceof HubError)) return null;
  if (error.code === 'token_endpoint_unavailable' || error.code === 'outbound_proxy_unavailable') {
    return 'unavailable';
  }
  return notReplicatedCodes.has(error.options.remote?.code ?? '') ? 'replication' : null;
}

/**
 * The three faces of a replication delay: 400 with the detail NoBackingApplicationObject, 403 "… must be in the local
 * tenant", 404 for what was made a moment ago. No other 400 and no other 403 is worth another try. 409 says that
 * something exists which can't be found yet.
 */
function passingGraphReason(error: GraphError): 'replication' | 'throttled' | 'unavailable' | null {
  const { status } = error;
  if (status === tooManyRequests) return 'throttled';
  if (status === requestTimeout || status >= firstServerError) return 'unavailable';
  const isReplicating =
    status === notFound ||
    status === conflict ||
    (status === badRequest && error.detailCodes.includes('NoBackingApplicationObject')) ||
    (status === forbidden && /must be in the local tenant/i.test(error.message));
  return isReplicating ? 'replication' : null;
}
