import { useQuery } from '@tanstack/react-query';
import { LoadFailure } from '../failures/load-failure.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { PageSkeleton } from '../shell/page-skeleton.tsx';
import { Shell } from '../shell/shell.tsx';
import { SignedOutLayout } from '../shell/signed-out-layout.tsx';
import { NotSignedIn } from './not-signed-in.tsx';
import { sessionQuery } from './session-query.ts';
import { SignOutButton } from './sign-out-button.tsx';

/** Shows the pages behind it to a signed-in person, and everyone else how to enter. */
export function SessionGate() {
  const session = useQuery(sessionQuery(useHubClient()));
  if (session.data?.authenticated === true) return <Shell account={<SignOutButton />} />;
  return (
    <SignedOutLayout>
      {session.isPending && <PageSkeleton />}
      {session.isError && <LoadFailure error={session.error} onRetry={() => void session.refetch()} />}
      {session.data?.authenticated === false && <NotSignedIn />}
    </SignedOutLayout>
  );
}
