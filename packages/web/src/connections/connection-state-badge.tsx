import type { ConnectionState } from '@latchkey/client';
import {
  IconBan,
  IconCheck,
  IconHourglassLow,
  IconLogin2,
  IconPlayerPause,
  IconRefreshAlert,
  type TablerIcon,
} from '@tabler/icons-react';
import { ToneBadge } from '../facts/tone-badge.tsx';
import { connectionStates } from './describe-connection.ts';

const icons: Record<ConnectionState, TablerIcon> = {
  ready: IconCheck,
  limited: IconHourglassLow,
  needs_sign_in: IconLogin2,
  failing: IconRefreshAlert,
  blocked: IconBan,
  disabled: IconPlayerPause,
};

/** A connection's state as icon and word. */
export function ConnectionStateBadge({ state }: { state: ConnectionState }) {
  const { word, tone } = connectionStates[state];
  return (
    <ToneBadge tone={tone} icon={icons[state]}>
      {word}
    </ToneBadge>
  );
}
