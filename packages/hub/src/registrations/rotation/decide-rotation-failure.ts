import { aadsts } from '@latchkey/microsoft';
import type { HubError } from '../../errors/hub-error.ts';
import { clockDifference } from '../../ground/bounded-times.ts';
import { millisecondsPerHour, millisecondsPerMinute, millisecondsPerSecond } from '../../ground/durations.ts';
import type { RegistrationRow } from '../../store/schema.ts';

/** What a failed step of a rotation leads to, and why. */
export type RotationFailure =
  | { next: 'try_again'; delayMilliseconds: number; reason: 'replication' | 'unavailable' }
  | { next: 'give_up'; delayMilliseconds: number; reason: 'refused' | 'patience_ended' };

const firstDelay = 5 * millisecondsPerSecond;
const longestDelay = 5 * millisecondsPerMinute;
/** Together about three quarters of an hour: Microsoft's slowest replications take minutes. */
const mostTries = 14;
/** After one that came to nothing: what refused it may have been mended by then. */
const delayAfterGivingUp = 6 * millisecondsPerHour;
/** Of a stored one. */
export const longestPauseOfRotation = delayAfterGivingUp + clockDifference;

/** A new secret, certificate or federated credential that the token endpoint has not heard of yet. */
const notReplicatedCodes: ReadonlySet<string> = new Set([
  `AADSTS${aadsts.invalidClientSecret}`,
  `AADSTS${aadsts.invalidAssertionSignature}`,
  `AADSTS${aadsts.noFederatedIdentity}`,
  `AADSTS${aadsts.noFederatedIdentityForIssuer}`,
  `AADSTS${aadsts.noFederatedIdentityForSubject}`,
]);
const passingCodes: ReadonlySet<HubError['code']> = new Set([
  'token_endpoint_unavailable',
  'token_endpoint_nonsense',
  'graph_unavailable',
  'workload_token_unavailable',
  'outbound_proxy_unavailable',
]);

/**
 * @param step at which it failed; only a new secret that is being proven has a replication to wait for
 * @param tries how often this step was tried in a row, the failed try included
 */
export function decideRotationFailure(
  failure: HubError,
  step: RegistrationRow['rotation_step'],
  tries: number,
): RotationFailure {
  const reason = passingReason(failure, step);
  if (reason === null) return { next: 'give_up', delayMilliseconds: delayAfterGivingUp, reason: 'refused' };
  if (tries >= mostTries) {
    return { next: 'give_up', delayMilliseconds: delayAfterGivingUp, reason: 'patience_ended' };
  }
  const delayMilliseconds = Math.min(firstDelay * 2 ** (tries - 1), longestDelay);
  return { next: 'try_again', delayMilliseconds, reason };
}

function passingReason(
  failure: HubError,
  step: RegistrationRow['rotation_step'],
): 'replication' | 'unavailable' | null {
  if (passingCodes.has(failure.code)) return 'unavailable';
  const isReplicating = step === 'proving' && notReplicatedCodes.has(failure.options.remote?.code ?? '');
  return isReplicating ? 'replication' : null;
}
