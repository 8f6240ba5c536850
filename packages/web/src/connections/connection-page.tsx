import type { Connection } from '@latchkey/client';
import { Grid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Notice } from '../facts/notice.tsx';
import { OutsideLink } from '../facts/outside-link.tsx';
import { LoadFailure } from '../failures/load-failure.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Page } from '../shell/page.tsx';
import { PageSkeleton } from '../shell/page-skeleton.tsx';
import { TimelinePanel } from '../timeline/timeline-panel.tsx';
import { ApplicationUserPanel } from './application-user-panel.tsx';
import { connectionQuery } from './connection-queries.ts';
import { ConnectionSettingsPanel } from './connection-settings-panel.tsx';
import { ConnectionStateBadge } from './connection-state-badge.tsx';
import { CurlPanel } from './curl-panel.tsx';
import { DisableOrDeletePanel } from './disable-or-delete-panel.tsx';
import { FirstAccountsPanel } from './first-accounts-panel.tsx';
import { IdentityNotice } from './identity-notice.tsx';
import { ReplaceTokensPanel } from './replace-tokens-panel.tsx';
import { SecretPanel } from './secret-panel.tsx';
import { StatusPanel } from './status-panel.tsx';
import { TestPanel } from './test-panel.tsx';
import { TokenFactsPanel } from './token-facts-panel.tsx';

const route = getRouteApi('/signed-in/connections/$connectionId');

/** One connection: how it stands, its test, its facts, its first accounts, its settings. */
export function ConnectionPage() {
  const { connectionId } = route.useParams();
  const connection = useQuery(connectionQuery(useHubClient(), connectionId));
  if (connection.isPending) return <PageSkeleton />;
  if (connection.data === undefined) {
    return (
      <Page title="Connection">
        <LoadFailure error={connection.error} onRetry={() => void connection.refetch()} />
      </Page>
    );
  }
  return <LoadedConnection connection={connection.data} />;
}

function LoadedConnection({ connection }: { connection: Connection }) {
  const { 'signed-in': signedIn } = route.useSearch();
  const { status } = connection;
  const hasToken = status.state === 'ready' || status.state === 'failing' || status.endsAt !== null;
  return (
    <Page
      title={connection.name}
      mark={<ConnectionStateBadge state={status.state} />}
      description={<OutsideLink href={connection.environmentUrl}>{connection.environmentUrl}</OutsideLink>}
    >
      {signedIn === 1 && status.failure === null && (
        <Notice tone="success" role="status">
          Signed in{connection.user === null ? '' : ` as ${connection.user}`}.
        </Notice>
      )}
      <IdentityNotice connection={connection} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="lg">
            <StatusPanel connection={connection} />
            {connection.method === 'client_credentials' && <ApplicationUserPanel connection={connection} />}
            <TestPanel connectionId={connection.id} />
            {hasToken && <FirstAccountsPanel connectionId={connection.id} />}
            <ConnectionSettingsPanel connection={connection} />
            <TimelinePanel subject={{ kind: 'connections', id: connection.id }} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="lg">
            {hasToken && <TokenFactsPanel connectionId={connection.id} />}
            <CurlPanel connectionId={connection.id} />
            <SecretPanel connection={connection} />
            {connection.method === 'manual' && <ReplaceTokensPanel connection={connection} />}
            <DisableOrDeletePanel connection={connection} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
