import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './disclosure.module.css';

interface DisclosureProps {
  label: string;
  /** Open whatever the person chose, e.g. because a field inside has an error. */
  forced?: boolean;
  children: ReactNode;
}

/** Keeps what few people need out of sight until it is asked for. */
export function Disclosure({ label, forced = false, children }: DisclosureProps) {
  const [wanted, setWanted] = useState(false);
  const id = useId();
  const expanded = wanted || forced;
  return (
    <div>
      <UnstyledButton
        className={classes.control}
        aria-expanded={expanded}
        aria-controls={id}
        onClick={() => setWanted(!expanded)}
      >
        <IconChevronRight size={16} aria-hidden className={classes.chevron} />
        {label}
      </UnstyledButton>
      <Collapse expanded={expanded} id={id}>
        <div className={classes.content}>{children}</div>
      </Collapse>
    </div>
  );
}
