import type { TokenFacts } from '@latchkey/client';
import { Button, Code, Skeleton, Stack } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { LoadFailure } from '../failures/load-failure.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Panel } from '../shell/panel.tsx';
import { connectionQuery, tokenFactsQuery } from './connection-queries.ts';

const skeletonHeight = 140;

/** What the access token says of itself; the token stays in the hub. */
export function TokenFactsPanel({ connectionId }: { connectionId: string }) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const facts = useQuery(tokenFactsQuery(client, connectionId));
  const refresh = useMutation({
    mutationFn: () => client.connections.refresh(connectionId),
    onSuccess: (fresh) => queryClient.setQueryData(tokenFactsQuery(client, connectionId).queryKey, fresh),
    onSettled: () =>
      queryClient.invalidateQueries({
        queryKey: connectionQuery(client, connectionId).queryKey,
        exact: true,
      }),
  });

  return (
    <Panel
      title="Access token"
      description="Its facts. The token itself is not shown."
      actions={
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconRefresh size={15} aria-hidden />}
          loading={refresh.isPending}
          onClick={() => refresh.mutate()}
        >
          Refresh now
        </Button>
      }
    >
      <Stack gap="md">
        {refresh.error !== null && <FailurePanel failure={failureOf(refresh.error)} announceReady />}
        {facts.isPending && <Skeleton height={skeletonHeight} />}
        {facts.isError && <LoadFailure error={facts.error} onRetry={() => void facts.refetch()} />}
        {facts.data !== undefined && (
          <FactList
            facts={[
              { label: 'Audience', value: facts.data.audience },
              { label: 'Tenant id', value: facts.data.tenantId },
              { label: 'User', value: facts.data.user },
              { label: 'Scopes', value: words(facts.data.scopes) },
              { label: 'Roles', value: words(facts.data.roles) },
              { label: 'Token version', value: facts.data.tokenVersion },
              { label: 'Issued', value: <Moment at={facts.data.issuedAt} never="unknown" /> },
              { label: 'Ends', value: <Moment at={facts.data.expiresAt} never="unknown" /> },
              {
                label: 'Refresh token',
                value:
                  facts.data.refreshTokenObtainedAt === null ? (
                    'none'
                  ) : (
                    <>
                      obtained <Moment at={facts.data.refreshTokenObtainedAt} />
                    </>
                  ),
              },
              {
                label: 'It ends',
                value: facts.data.refreshTokenEndsAt === null ? null : <RefreshTokenEnd facts={facts.data} />,
              },
            ]}
          />
        )}
      </Stack>
    </Panel>
  );
}

const bases: Record<NonNullable<TokenFacts['refreshTokenEndBasis']>, string> = {
  told: 'as Microsoft said',
  assumed_90_days: 'assumed: 90 days after its last use',
  assumed_24_hours: 'assumed: 24 hours, as of a single page app’s, since it was typed in',
};

function RefreshTokenEnd({ facts: { refreshTokenEndsAt, refreshTokenEndBasis } }: { facts: TokenFacts }) {
  return (
    <>
      <Moment at={refreshTokenEndsAt} />
      {refreshTokenEndBasis !== null && `, ${bases[refreshTokenEndBasis]}`}
    </>
  );
}

function words(values: string[]) {
  return values.length === 0 ? null : <Code>{values.join(' ')}</Code>;
}
