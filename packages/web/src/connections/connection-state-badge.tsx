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
import { CONNECTION_STATES } from './describe-connection.ts';

const ICONS: Record<ConnectionState, TablerIcon> = {
  ready: IconCheck,
  limited: IconHourglassLow,
  needs_sign_in: IconLogin2,
  failing: IconRefreshAlert,
  blocked: IconBan,
  disabled: IconPlayerPause,
};

/** A connection's state as icon and word. */
export function ConnectionStateBadge({ state }: { state: ConnectionState }) {
  const { word, tone } = CONNECTION_STATES[state];
  return (
    <ToneBadge tone={tone} icon={ICONS[state]}>
      {word}
    </ToneBadge>
  );
}
