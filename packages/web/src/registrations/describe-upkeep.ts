import type { Registration } from '@latchkey/client';
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
  adding: 'A new secret is being made',
  proving: 'The new secret is being proven; Microsoft may take minutes to know it',
  retiring: 'The new secret is in use; the old one still works beside it',
  undoing: 'The new secret is being removed',
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
