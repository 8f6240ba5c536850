import type { Connection } from '@latchkey/client';
import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { ConfirmDialog } from '../shell/confirm-dialog.tsx';
import { Panel } from '../shell/panel.tsx';
import { connectionQuery, connectionsQuery } from './connection-queries.ts';
import { useUpdateConnection } from './use-update-connection.ts';

/** Puts a connection out of use: for a while, or for good. */
export function DisableOrDeletePanel({ connection }: { connection: Connection }) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure(false);
  const update = useUpdateConnection(connection.id);
  const remove = useMutation({
    mutationFn: () => client.connections.delete(connection.id),
    onSuccess: async () => {
      await navigate({ to: '/' });
      queryClient.removeQueries({ queryKey: connectionQuery(client, connection.id).queryKey });
      await queryClient.invalidateQueries({ queryKey: connectionsQuery(client).queryKey });
    },
  });

  return (
    <Panel
      title="Put out of use"
      description="A disabled connection keeps its tokens but refuses calls and refreshes nothing. A deleted one is gone."
    >
      <Group gap="sm">
        <Button
          variant="default"
          loading={update.isPending}
          onClick={() => update.mutate({ disabled: !connection.disabled })}
        >
          {connection.disabled ? 'Enable' : 'Disable'}
        </Button>
        <Button variant="outline" color="red" onClick={open}>
          Delete
        </Button>
      </Group>
      {update.error !== null && <FailurePanel failure={failureOf(update.error)} announceReady />}
      <ConfirmDialog
        opened={opened}
        title="Delete this connection?"
        confirm="Delete connection"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => {
          remove.reset();
          close();
        }}
      >
        <b>{connection.name}</b> and its tokens are deleted from this hub, and apps that call through it fail.
        This can’t be taken back. The app registration in Microsoft Entra ID stays.
      </ConfirmDialog>
    </Panel>
  );
}
