import { failureSchema } from '@latchkey/api';
import { z } from 'zod';
import { HubError, type HubErrorCode, toFailure } from '../errors/hub-error.ts';
import { hubErrors } from '../errors/hub-error-table.ts';
import { readColumn } from '../ground/read-json.ts';
import type { ConnectionRow } from '../store/schema.ts';

/**
 * Whose refusal it is. A failure ends by evidence of its own side: one about tokens by a new token, one of the
 * environment by an answer of the environment, one of the hub's own by either.
 */
type FailureSide = 'token' | 'environment' | 'hub';

export interface FailureJudgement {
  state: 'needs_sign_in' | 'failing' | 'blocked';
  side: FailureSide;
}

/** What a failure means for a connection's state. Codes that are not listed are the hub's own and pass. */
const judgements: Partial<Record<HubErrorCode, FailureJudgement>> = {
  connection_needs_sign_in: { state: 'needs_sign_in', side: 'token' },
  consent_required: { state: 'needs_sign_in', side: 'token' },
  sign_in_declined: { state: 'needs_sign_in', side: 'token' },
  token_not_for_environment: { state: 'needs_sign_in', side: 'token' },
  // The sign-in is good: another secret or setting makes it work again.
  client_secret_wrong: { state: 'blocked', side: 'token' },
  client_secret_expired: { state: 'blocked', side: 'token' },
  client_certificate_refused: { state: 'blocked', side: 'token' },
  federated_credential_refused: { state: 'blocked', side: 'token' },
  workload_token_unavailable: { state: 'failing', side: 'token' },
  workload_identity_missing: { state: 'failing', side: 'token' },
  token_request_refused: { state: 'blocked', side: 'token' },
  token_endpoint_unavailable: { state: 'failing', side: 'token' },
  token_endpoint_nonsense: { state: 'failing', side: 'token' },
  // It was allowed when the connection was made: a name that leads elsewhere now may lead back.
  address_not_allowed: { state: 'failing', side: 'token' },
  crm_refused: { state: 'blocked', side: 'environment' },
  crm_nonsense: { state: 'failing', side: 'environment' },
  crm_unavailable: { state: 'failing', side: 'environment' },
  crm_timeout: { state: 'failing', side: 'environment' },
  registration_not_ready: { state: 'blocked', side: 'hub' },
  registration_not_found: { state: 'blocked', side: 'hub' },
  vault_key_unknown: { state: 'blocked', side: 'hub' },
  vault_unreadable: { state: 'blocked', side: 'hub' },
};

/**
 * @param failure its code, and whom the hub was calling where the code does not tell that
 * @returns what a failure means for the state of a connection made by this method
 */
export function judgeFailure(
  { code, side }: Pick<StoredFailure, 'code' | 'side'>,
  method: ConnectionRow['method'],
): FailureJudgement {
  const judgement = isKnown(code) ? judgements[code] : undefined;
  if (!judgement) return { state: 'failing', side: side ?? 'hub' };
  // With client credentials there is nobody to sign in.
  const isForNobody = judgement.state === 'needs_sign_in' && method === 'client_credentials';
  return isForNobody ? { ...judgement, state: 'blocked' } : judgement;
}

/** A later version may name others who act, and other systems: a connection must not stand still for that. */
const storedFailureSchema = failureSchema.extend({
  whoActs: failureSchema.shape.whoActs.catch('operator'),
  remote: failureSchema.shape.remote.catch(null),
  side: z.enum(['token', 'environment']).optional().catch(undefined),
});
type StoredFailure = z.output<typeof storedFailureSchema>;

type FailureColumns = Pick<ConnectionRow, 'last_failure' | 'failure_state' | 'method'>;

/** @returns a failure as a row keeps it: as the API shows it, and what its judgement needs besides */
export function writeFailure(error: HubError): string {
  const { side } = error.options;
  return JSON.stringify({ ...toFailure(error), ...(side && { side }) });
}

/** @returns the last failure, or null when something was proven after it */
export function storedFailure(row: Pick<ConnectionRow, 'last_failure'>): StoredFailure | null {
  return row.last_failure === null
    ? null
    : readColumn(storedFailureSchema, row.last_failure, 'connections.last_failure');
}

/** @returns the last failure as it was thrown, to answer with again without asking anybody */
export function restoreFailure(row: Pick<ConnectionRow, 'last_failure'>): HubError | null {
  const failure = storedFailure(row);
  if (failure === null) return null;
  const { code, detail, remedy, whoActs, remote, side } = failure;
  return new HubError(isKnown(code) ? code : 'internal_error', {
    detail,
    remedy,
    whoActs,
    ...(remote && { remote }),
    ...(side && { side }),
  });
}

/**
 * @returns whose failure holds the connection back now; null when none does. A failure without a state only tells
 *   of a sign-in that came to nothing while the connection went on working.
 */
export function standingFailureSide(row: FailureColumns): FailureSide | null {
  const failure = storedFailure(row);
  return failure === null || row.failure_state === null ? null : judgeFailure(failure, row.method).side;
}

/** @returns whether Microsoft has refused tokens for good: asking again changes nothing until a person acts */
export function isTokenRefused(row: FailureColumns): boolean {
  return standingFailureSide(row) === 'token' && row.failure_state !== 'failing';
}

function isKnown(code: string): code is HubErrorCode {
  return Object.hasOwn(hubErrors, code);
}
