import type { Kysely } from 'kysely';
import { type HubError, toFailure } from '../../errors/hub-error.ts';
import {
  endSecretAlarm,
  isApplicationUnknown,
  isSecretRefused,
  raiseSecretAlarm,
} from '../../evidence/secret-alarm.ts';
import { pastMoment } from '../../ground/bounded-times.ts';
import { millisecondsPerDay, millisecondsPerHour, millisecondsPerMinute } from '../../ground/durations.ts';
import type { Database, RegistrationRow } from '../../store/schema.ts';
import { isCredentialUnknown } from '../../token-endpoint/describe-token-failure.ts';
import { openCredentials } from '../../tokens/registration-credentials.ts';
import type { RegistrationChange } from '../change-registration.ts';
import { addOwnRedirectUri, recordAddedRedirectUri } from '../checks/add-own-redirect-uri.ts';
import { applyFacts } from '../checks/apply-facts.ts';
import { readFacts } from '../checks/read-facts.ts';
import { explainStepFailure } from '../explain-step-failure.ts';
import { ownGraph, requestOwnToken } from '../own-token.ts';
import { changeAndRecord, type RegistrationRun } from '../registration-lease.ts';

/** What changes in Entra ID is seen within a day. */
const usualInterval = millisecondsPerDay;
/** A passing failure, or a secret that is refused: looked at again sooner. */
const soonInterval = 15 * millisecondsPerMinute;
const refusedInterval = millisecondsPerHour;
/** For so long after a change some servers of Microsoft's may not know the new secret yet. */
const replicationMilliseconds = 30 * millisecondsPerMinute;

interface CheckResult {
  change: RegistrationChange;
  /** In the same transaction. */
  record?: (db: Kysely<Database>) => Promise<void>;
}

/**
 * Tries the secret by a token for the application itself, and where that token may read the application, holds what is in
 * Entra ID against what the registration needs. What comes of it is written in one transaction.
 */
export async function checkRegistration(run: RegistrationRun): Promise<void> {
  const { change, record = async () => {} } = await check(run);
  const checked = { checked_at: run.context.clock.now(), check_failure: null };
  await changeAndRecord(run, { ...checked, ...change }, record);
}

async function check(run: RegistrationRun): Promise<CheckResult> {
  const { context, row } = run;
  const now = context.clock.now();
  if (row.sealed_client_secret === null && row.credential_kind !== 'federated') {
    return { change: { may_rotate: 0, check_findings: null, next_check_at: now + usualInterval } };
  }
  try {
    const own = ownGraph(context, await requestOwnToken(context, openCredentials(context, row)));
    const facts = own.mayRead ? await readFacts(own.graph, row, context.provider.api) : null;
    const hasAdded = facts !== null && own.mayRotate && (await addOwnRedirectUri(context, own.graph, facts));
    const learnt = facts === null ? { check_findings: null } : applyFacts(context, row, facts);
    return {
      change: {
        ...learnt,
        may_rotate: own.mayRotate ? 1 : 0,
        next_check_at: now + usualInterval,
        // What nobody might remove when its time was over goes now.
        ...(own.mayRotate && hasUnused(row) && { rotation_step: 'retiring' as const }),
      },
      record: async (db) => {
        await endSecretAlarm(db, context, row.id);
        if (hasAdded) await recordAddedRedirectUri(db, context, row.id);
      },
    };
  } catch (error) {
    return failedCheck(run, explainStepFailure(error));
  }
}

function failedCheck({ context, row }: RegistrationRun, failure: HubError): CheckResult {
  const now = context.clock.now();
  if (!isSecretRefused(failure) && !isApplicationUnknown(failure)) {
    return {
      change: { check_failure: JSON.stringify(toFailure(failure)), next_check_at: now + soonInterval },
    };
  }
  const isReplicating =
    isCredentialUnknown(failure) && now - (pastMoment(row.rotated_at, now) ?? 0) < replicationMilliseconds;
  if (isReplicating) return { change: { next_check_at: now + soonInterval } };
  return {
    change: { next_check_at: now + refusedInterval },
    record: (db) => raiseSecretAlarm(db, context, { id: row.id, credential: storedCredential(row) }, failure),
  };
}

function hasUnused({ unused_credentials: unused, rotation_step: step }: RegistrationRow): boolean {
  return unused !== null && step === null;
}

function storedCredential(row: RegistrationRow): string | null {
  return row.credential_kind === 'federated' ? row.federated_identity : row.sealed_client_secret;
}
