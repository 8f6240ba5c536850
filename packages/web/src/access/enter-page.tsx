import { Text } from '@mantine/core';
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Page } from '../shell/page.tsx';
import { SignedOutLayout } from '../shell/signed-out-layout.tsx';
import { HowToEnter } from './how-to-enter.tsx';
import { readEntryCode } from './read-entry-code.ts';
import { sessionQuery } from './session-query.ts';

/** Trades the code of a one-time link for a session, and goes on to the connections. */
export function EnterPage() {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const fragment = useRouterState({ select: (state) => state.location.hash });
  const arrived = readEntryCode(fragment);
  const [code, setCode] = useState(arrived);
  if (arrived !== null && arrived !== code) setCode(arrived);

  // The code must not stay in the address bar and the history.
  useEffect(() => {
    if (fragment !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [fragment]);

  // A query, not a mutation: it is asked once for a code, however often the page is drawn.
  const entry = useQuery({
    queryKey: ['entry', code],
    queryFn: code === null ? skipToken : () => client.session.enter(code),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
  const entered = entry.data?.authenticated === true;
  if (entered) {
    queryClient.setQueryData(sessionQuery(client).queryKey, entry.data);
    return <Navigate to="/" replace />;
  }

  return (
    <SignedOutLayout>
      {code !== null && entry.isPending ? (
        <Page title="Entering">
          <Text role="status">One moment.</Text>
        </Page>
      ) : (
        <Page title={code === null ? 'This link has no code' : 'You could not enter'}>
          {entry.error !== null && <FailurePanel failure={failureOf(entry.error)} announceReady />}
          <div>
            <HowToEnter />
          </div>
        </Page>
      )}
    </SignedOutLayout>
  );
}
