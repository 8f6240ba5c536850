import { HubUnreachableError } from '@latchkey/client';
import { Button, Group, Stack, Text } from '@mantine/core';
import { failureOf } from './failure-of.ts';
import { FailurePanel } from './failure-panel.tsx';

/** In place of what could not be loaded, with a way to try again. */
export function LoadFailure({ error, onRetry }: { error: Error; onRetry: () => void }) {
  // The banner above every page already says so, and tries again for all.
  if (error instanceof HubUnreachableError) return <Text c="dimmed">Waiting for the hub to answer.</Text>;
  return (
    <Stack>
      <FailurePanel failure={failureOf(error)} announceReady />
      <Group>
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Group>
    </Stack>
  );
}
