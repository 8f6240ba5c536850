import type { Registration, RegistrationState } from '@latchkey/client';
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
import { wordOfState } from './describe-registration-state.ts';

const icons: Record<RegistrationState, TablerIcon> = {
  awaiting_sign_in: IconLogin2,
  running: IconLoader,
  ready: IconCheck,
  failed: IconX,
  undoing: IconArrowBackUp,
  undone: IconTrash,
};

/** A registration's state as icon and word. */
export function RegistrationStateBadge({ registration }: { registration: Registration }) {
  const { word, tone } = wordOfState(registration);
  return (
    <ToneBadge tone={tone} icon={registration.alarm === null ? icons[registration.state] : IconX}>
      {word}
    </ToneBadge>
  );
}
