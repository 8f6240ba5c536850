import type { Session } from '@latchkey/client';
import { Button } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { sessionQuery } from './session-query.ts';

const signedOut: Session = {
  authenticated: false,
  kind: null,
  expiresAt: null,
  scopes: [],
  connectionIds: null,
};

/** Ends this browser's session and forgets all that was loaded under it. */
export function SignOutButton() {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => client.session.end(),
    onSuccess: () => {
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      queryClient.setQueryData(sessionQuery(client).queryKey, signedOut);
    },
  });
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconLogout size={16} aria-hidden />}
      loading={signOut.isPending}
      onClick={() => signOut.mutate()}
    >
      Sign out
    </Button>
  );
}
