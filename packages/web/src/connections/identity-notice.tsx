import type { Connection } from '@latchkey/client';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Notice } from '../facts/notice.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { connectionQuery } from './connection-queries.ts';

/** Says that somebody else came than before, until somebody says that it is right. */
export function IdentityNotice({ connection }: { connection: Connection }) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => client.connections.confirmIdentity(connection.id),
    onSuccess: (confirmed) =>
      queryClient.setQueryData(connectionQuery(client, connection.id).queryKey, confirmed),
  });
  if (connection.identityNotice === null) return null;
  return (
    <Notice tone="warning" role="status">
      <Stack gap="sm">
        <Text size="sm">
          {connection.identityNotice} If that is not as it should be, reconnect as somebody else.
        </Text>
        <Group>
          <Button
            variant="default"
            size="compact-sm"
            loading={confirm.isPending}
            onClick={() => confirm.mutate()}
          >
            That is right
          </Button>
        </Group>
        {confirm.error !== null && <FailurePanel failure={failureOf(confirm.error)} announceReady />}
      </Stack>
    </Notice>
  );
}
