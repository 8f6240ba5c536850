import type { AdministratorSignIn } from '@latchkey/client';
import { Group, List, Text } from '@mantine/core';
import { CopyButton } from '../facts/copy-button.tsx';
import { Moment } from '../facts/moment.tsx';
import { OutsideLink } from '../facts/outside-link.tsx';
import classes from './device-code.module.css';

/** A device code, large enough to read out, with where to enter it. */
export function DeviceCode({ signIn }: { signIn: Extract<AdministratorSignIn, { kind: 'device_code' }> }) {
  return (
    <div>
      <List type="ordered" size="sm" spacing="xs">
        <List.Item>
          Open <OutsideLink href={signIn.verificationUri}>{signIn.verificationUri}</OutsideLink>
        </List.Item>
        <List.Item>Enter this code and sign in as the administrator:</List.Item>
      </List>
      <Group gap="xs" my="sm">
        <output className={classes.code} aria-label="Device code">
          {signIn.userCode}
        </output>
        <CopyButton value={signIn.userCode} what="device code" />
      </Group>
      <Text size="sm" c="dimmed">
        The code ends <Moment at={signIn.expiresAt} />. This page goes on by itself.
      </Text>
    </div>
  );
}
