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
import { registrationStates } from './describe-registration-state.ts';

const icons: Record<RegistrationState, TablerIcon> = {
  awaiting_sign_in: IconLogin2,
  running: IconLoader,
  ready: IconCheck,
  failed: IconX,
  undoing: IconArrowBackUp,
  undone: IconTrash,
};

/** A registration's state as icon and word. */
export function RegistrationStateBadge({ state }: { state: RegistrationState }) {
  const { word, tone } = registrationStates[state];
  return (
    <ToneBadge tone={tone} icon={icons[state]}>
      {word}
    </ToneBadge>
  );
}
