import { Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

interface DialogProps {
  opened: boolean;
  title: string;
  /** False where a slip of the pointer would lose something. */
  closeOnClickOutside?: boolean;
  children: ReactNode;
  onClose: () => void;
}

/** A modal dialog. Put together by hand, since Mantine's header would be a second banner on the page. */
export function Dialog({ opened, title, closeOnClickOutside = true, children, onClose }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} closeOnClickOutside={closeOnClickOutside} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Group className={classes.head} justify="space-between" wrap="nowrap">
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Group>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
