import type { Connection } from '@latchkey/client';
import { Button, Group, Stack } from '@mantine/core';
import { IconLogin2 } from '@tabler/icons-react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { decideSignInOffer } from './describe-connection.ts';
import { useSignIn } from './use-sign-in.ts';

const labels = {
  first: 'Sign in with Microsoft',
  again_needed: 'Reconnect',
  again: 'Sign in again',
} as const;

/** Leaves for Microsoft to sign in, the first time or again, in place: the connection keeps its id. */
export function SignInButton({ connection }: { connection: Connection }) {
  const signIn = useSignIn();
  const offer = decideSignInOffer(connection);
  if (offer === null) return null;
  const leave = (account: 'last' | 'other') => signIn.mutate({ connectionId: connection.id, account });
  return (
    <Stack gap="sm" align="flex-start">
      <Group gap="sm">
        <Button
          variant={offer === 'again' ? 'default' : 'filled'}
          leftSection={<IconLogin2 size={16} aria-hidden />}
          loading={signIn.isPending}
          onClick={() => leave('last')}
        >
          {labels[offer]}
        </Button>
        {offer !== 'first' && (
          <Button variant="subtle" disabled={signIn.isPending} onClick={() => leave('other')}>
            As somebody else
          </Button>
        )}
      </Group>
      {signIn.error !== null && <FailurePanel failure={failureOf(signIn.error)} announceReady />}
    </Stack>
  );
}
