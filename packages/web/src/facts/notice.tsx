import type { ReactNode } from 'react';
import classes from './notice.module.css';
import type { Tone } from './tone-badge.tsx';

interface NoticeProps {
  tone: Tone;
  /** `alert` interrupts a screen reader, `status` waits its turn; left out, nothing is announced. */
  role?: 'alert' | 'status';
  children: ReactNode;
}

/** A framed remark in a tone of its own. */
export function Notice({ tone, role, children }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      {children}
    </div>
  );
}
