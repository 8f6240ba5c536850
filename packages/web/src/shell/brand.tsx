import { Group, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import classes from './brand.module.css';

/** The product's mark and name. */
export function Brand() {
  return (
    <Group gap="xs" wrap="nowrap">
      <span className={classes.mark}>
        <IconKey size={18} stroke={2} aria-hidden />
      </span>
      <Text component="span" fw={600}>
        Latchkey
      </Text>
    </Group>
  );
}
