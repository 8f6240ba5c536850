import { useMutation } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';

interface SignInWish {
  connectionId: string;
  /** As whoever signed in last, or as somebody who is chosen at Microsoft’s page. */
  account: 'last' | 'other';
}

/** Leaves for Microsoft's sign-in page. It comes back to the connection's page by the hub's callback. */
export function useSignIn() {
  const client = useHubClient();
  return useMutation({
    mutationFn: ({ connectionId, account }: SignInWish) =>
      client.connections.signIn(connectionId, { account }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}
