import { Code, Group } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';
import classes from './copyable-value.module.css';

/** An id or address, as it is, with a button that copies it. */
export function CopyableValue({ value, what }: { value: string; what: string }) {
  return (
    <Group gap={4} wrap="nowrap" align="center">
      <Code className={classes.value}>{value}</Code>
      <CopyButton value={value} what={what} />
    </Group>
  );
}
