import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './tone-badge.module.css';

/** How something stands; colour never says it alone. */
export type Tone = 'success' | 'warning' | 'danger' | 'info' | 'neutral';

/** A state as icon and word. */
export function ToneBadge({
  tone,
  icon: Icon,
  children,
}: {
  tone: Tone;
  icon: TablerIcon;
  children: ReactNode;
}) {
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden />
      {children}
    </span>
  );
}
