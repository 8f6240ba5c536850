import type { ApiKey } from '@latchkey/client';
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { apiKeysQuery } from './api-keys-query.ts';
import { CreatedKey } from './created-key.tsx';

/** How long the old key goes on, in hours. */
const overlaps = [
  { value: '24', label: 'For a day' },
  { value: '168', label: 'For a week' },
  { value: '1', label: 'For an hour' },
  { value: '0', label: 'Not at all' },
];
const usualOverlap = '24';

/** Makes a key in the place of another and shows it, this once; `apiKey` null means closed. */
export function ReplaceApiKeyDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const [overlap, setOverlap] = useState(usualOverlap);
  const replace = useMutation({
    mutationFn: (id: string) => client.apiKeys.rotate(id, { overlapHours: Number(overlap) }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery(client).queryKey }),
    gcTime: 0,
  });
  function close() {
    replace.reset();
    setOverlap(usualOverlap);
    onClose();
  }
  return (
    <Dialog
      opened={apiKey !== null}
      onClose={close}
      title={replace.data === undefined ? 'Replace this API key?' : 'Copy the key now'}
      closeOnClickOutside={replace.data === undefined}
    >
      {replace.data === undefined ? (
        <Stack>
          <Text size="sm">
            A new key that may do the same comes in the place of <b>{apiKey?.name}</b>.
          </Text>
          <NativeSelect
            label="The old key goes on"
            data={overlaps}
            value={overlap}
            onChange={({ currentTarget }) => setOverlap(currentTarget.value)}
          />
          {replace.error !== null && <FailurePanel failure={failureOf(replace.error)} announceReady />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Cancel
            </Button>
            <Button loading={replace.isPending} onClick={() => apiKey !== null && replace.mutate(apiKey.id)}>
              Replace
            </Button>
          </Group>
        </Stack>
      ) : (
        <CreatedKey apiKey={replace.data} onDone={close} />
      )}
    </Dialog>
  );
}
