import type { Registration, RegistrationCredential } from '@latchkey/client';
import type { Tone } from '../facts/tone-badge.tsx';

type Secret = NonNullable<Registration['clientSecret']>;

/** How near the end of a client secret, or certificate, is, as a sentence; null while it is far, or unknown. */
export function describeEnd(
  { warning, daysLeft }: Pick<Secret, 'warning' | 'daysLeft'>,
  name: 'client secret' | 'certificate' = 'client secret',
): { tone: Tone; sentence: string } | null {
  switch (warning) {
    case 'none':
      return null;
    case 'ended':
      return { tone: 'danger', sentence: `The ${name} has ended.` };
    case 'within_1_day':
      return { tone: 'danger', sentence: `The ${name} ends within a day.` };
    case 'within_7_days':
      return { tone: 'danger', sentence: `The ${name} ends in ${days(daysLeft)}.` };
    default:
      return { tone: 'warning', sentence: `The ${name} ends in ${days(daysLeft)}.` };
  }
}

function days(count: number | null): string {
  return count === 1 ? '1 day' : `${count} days`;
}

const rotationStates: Record<Registration['rotation']['state'], string> = {
  idle: 'Nothing under way',
  adding: 'A new one is being made',
  proving: 'The new one is being proven; Microsoft may take minutes to know it',
  retiring: 'The new one is in use; the old one still works beside it',
  undoing: 'What was made is being removed',
};

/** What a rotation does now. */
export function describeRotation({ state }: Pick<Registration['rotation'], 'state'>): string {
  return rotationStates[state];
}

/** Whether the hub rotates the secret by itself, and why not. */
export function describePolicy({ policy, mayRotate }: Registration['rotation']): string {
  if (policy === 'by_hand') return 'By hand';
  if (mayRotate === null) return 'By itself, once the hub has seen that the application may';
  return mayRotate ? 'By itself' : 'Not by itself: the application may not change its own secrets';
}

const names: Record<RegistrationCredential, string> = {
  secret: 'client secret',
  certificate: 'certificate',
  federated: 'federated credential',
};

/** What nothing uses any more and is still in Entra ID; null while nothing is, or its time is not over. */
export function describeUnused({
  state,
  unusedInEntra,
}: Pick<Registration['rotation'], 'state' | 'unusedInEntra'>): string | null {
  if (state !== 'idle' || unusedInEntra.length === 0) return null;
  const known = unusedInEntra.map(({ kind, keyId }) =>
    keyId === null ? `a ${names[kind]} that the hub has made` : `the ${names[kind]} ${keyId}`,
  );
  return `Still in Microsoft Entra ID, though nothing uses it: ${known.join(', ')}.`;
}
