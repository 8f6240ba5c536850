import {
  failureSchema,
  federatedIdentitySchema,
  type Registration,
  registrationFindingsSchema,
} from '@latchkey/api';
import { readSecretAlarm } from '../evidence/secret-alarm.ts';
import { type Clock, toIso } from '../ground/clock.ts';
import { readTime } from '../ground/outside-values.ts';
import { parseJson, readColumn } from '../ground/read-json.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { unusedCredentials } from './rotation/unused-credentials.ts';
import { daysLeft, type EndWarning, endWarning } from './secrets/secret-end.ts';
import { oldSecretUntil, rotationDueAt } from './watch/decide-upkeep.ts';

type SecretWarning = NonNullable<Registration['clientSecret']>['warning'];

/** What the API shows of what a registration proves itself by. */
export type PresentedCredential = Pick<
  Registration,
  'credential' | 'clientSecret' | 'certificate' | 'federatedIdentity'
>;

const noCredential = {
  credential: 'none',
  clientSecret: null,
  certificate: null,
  federatedIdentity: null,
} as const satisfies PresentedCredential;

/** What the API shows of how a registration is looked after. */
export type PresentedUpkeep = Pick<Registration, 'alarm' | 'alarmSince' | 'rotation' | 'check'>;

/** @returns of a secret its key id, its first characters and its end; of a certificate its thumbprint in their place */
export function presentCredential(
  { clock }: { clock: Clock },
  row: RegistrationRow,
  showTime: (time: number | null) => string | null,
): PresentedCredential {
  if (row.credential_kind === 'federated' && row.federated_identity !== null) {
    // Of a damaged one the rest is shown.
    const identity = federatedIdentitySchema.safeParse(parseJson(row.federated_identity)).data ?? null;
    return { ...noCredential, credential: 'federated', federatedIdentity: identity };
  }
  if (row.sealed_client_secret === null) return noCredential;
  const {
    credential_kind: credential,
    client_secret_key_id: keyId,
    client_secret_hint: hint,
    client_secret_ends_at: endsAt,
  } = row;
  const usableEnd = readTime(endsAt);
  const now = clock.now();
  const life = {
    endsAt: showTime(endsAt),
    daysLeft: usableEnd === null ? null : daysLeft(usableEnd, now),
    warning: nameWarning(endWarning(usableEnd, now)),
  };
  return credential === 'certificate'
    ? { ...noCredential, credential, certificate: { keyId, thumbprint: hint ?? '', ...life } }
    : { ...noCredential, credential, clientSecret: { keyId, hint, ...life } };
}

function nameWarning(warning: EndWarning): SecretWarning {
  switch (warning) {
    case null:
      return 'none';
    case 0:
      return 'ended';
    case 1:
      return 'within_1_day';
    default:
      return `within_${warning}_days`;
  }
}

export function presentUpkeep(row: RegistrationRow): PresentedUpkeep {
  const findings = row.check_findings;
  return {
    alarm: readSecretAlarm(row),
    alarmSince: toIso(row.secret_alarm_at),
    rotation: {
      policy: row.rotation_policy,
      daysBeforeEnd: row.rotation_days_before_end,
      graceHours: row.rotation_grace_hours,
      mayRotate: row.may_rotate === null ? null : row.may_rotate === 1,
      state: row.rotation_step ?? 'idle',
      dueAt: toIso(rotationDueAt(row)),
      lastRotatedAt: toIso(row.rotated_at),
      oldSecretUntil: toIso(oldSecretUntil(row)),
      nextTryAt: toIso(row.rotation_next_try_at),
      failure: readFailure(row.rotation_failure, 'registrations.rotation_failure'),
      unusedInEntra: unusedCredentials(row),
    },
    check: {
      checkedAt: toIso(row.checked_at),
      nextCheckAt: toIso(row.next_check_at),
      readFromGraph: findings !== null,
      findings:
        findings === null
          ? []
          : readColumn(registrationFindingsSchema, findings, 'registrations.check_findings'),
      failure: readFailure(row.check_failure, 'registrations.check_failure'),
    },
  };
}

/** What is shown of a damaged registration: nobody looks after it. */
export function noUpkeep(row: RegistrationRow): PresentedUpkeep {
  return {
    alarm: null,
    alarmSince: null,
    rotation: {
      policy: row.rotation_policy === 'by_hand' ? 'by_hand' : 'automatic',
      daysBeforeEnd: 0,
      graceHours: 0,
      mayRotate: null,
      state: 'idle',
      dueAt: null,
      lastRotatedAt: null,
      oldSecretUntil: null,
      nextTryAt: null,
      failure: null,
      unusedInEntra: [],
    },
    check: { checkedAt: null, nextCheckAt: null, readFromGraph: false, findings: [], failure: null },
  };
}

function readFailure(text: string | null, column: string) {
  return text === null ? null : readColumn(failureSchema, text, column);
}
