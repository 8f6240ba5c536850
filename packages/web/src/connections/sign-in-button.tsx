import type { Connection } from '@latchkey/client';
import { Button, Stack } from '@mantine/core';
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
  return (
    <Stack gap="sm" align="flex-start">
      <Button
        variant={offer === 'again' ? 'default' : 'filled'}
        leftSection={<IconLogin2 size={16} aria-hidden />}
        loading={signIn.isPending}
        onClick={() => signIn.mutate(connection.id)}
      >
        {labels[offer]}
      </Button>
      {signIn.error !== null && <FailurePanel failure={failureOf(signIn.error)} announceReady />}
    </Stack>
  );
}
