import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { settingsQuery } from '../hub/settings-query.ts';
import { TextLink } from '../shell/links.tsx';
import { Panel } from '../shell/panel.tsx';
import { curlLine } from './curl-line.ts';

const skeletonHeight = 72;

/** How an app calls the CRM through this connection. */
export function CurlPanel({ connectionId }: { connectionId: string }) {
  const settings = useQuery(settingsQuery(useHubClient()));
  return (
    <Panel title="Call it from your app">
      {settings.data === undefined ? (
        <Skeleton height={skeletonHeight} />
      ) : (
        <CopyableValue value={curlLine(settings.data.publicUrl, connectionId)} what="curl line" />
      )}
      <Text size="sm" c="dimmed">
        The key is one of your{' '}
        <TextLink to="/api-keys" inherit underline="always">
          API keys
        </TextLink>
        . Whatever follows <b>/proxy</b> goes to the environment, with the access token added.
      </Text>
    </Panel>
  );
}
