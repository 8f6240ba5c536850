import type { RegistrationState } from '@latchkey/client';
import {
  IconArrowBackUp,
  IconCheck,
  IconLoader,
  IconLogin2,
  IconTrash,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import { ToneBadge } from '../facts/tone-badge.tsx';
import { REGISTRATION_STATES } from './describe-registration-state.ts';

const ICONS: Record<RegistrationState, TablerIcon> = {
  awaiting_sign_in: IconLogin2,
  running: IconLoader,
  ready: IconCheck,
  failed: IconX,
  undoing: IconArrowBackUp,
  undone: IconTrash,
};

/** A registration's state as icon and word. */
export function RegistrationStateBadge({ state }: { state: RegistrationState }) {
  const { word, tone } = REGISTRATION_STATES[state];
  return (
    <ToneBadge tone={tone} icon={ICONS[state]}>
      {word}
    </ToneBadge>
  );
}
