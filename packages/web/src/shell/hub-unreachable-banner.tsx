import { HubUnreachableError } from '@latchkey/client';
import { Box, Button, Group, Text } from '@mantine/core';
import { type Query, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { Notice } from '../facts/notice.tsx';

function isUnanswered(query: Query): boolean {
  return query.state.error instanceof HubUnreachableError;
}

/** Says that the hub does not answer, as long as any question to it stays unanswered, and asks again on demand. */
export function HubUnreachableBanner() {
  const queryClient = useQueryClient();
  const cache = queryClient.getQueryCache();
  const subscribe = useCallback((changed: () => void) => cache.subscribe(changed), [cache]);
  const unreachable = useSyncExternalStore(subscribe, () => cache.getAll().some(isUnanswered));

  if (!unreachable) return null;
  return (
    <Box mb="lg">
      <Notice tone="warning" role="alert">
        <Group justify="space-between">
          <Text size="sm">
            <b>The hub does not answer.</b> Check that it is running. What you see may be out of date.
          </Text>
          <Button
            size="xs"
            variant="default"
            onClick={() => void queryClient.refetchQueries({ predicate: isUnanswered })}
          >
            Try again
          </Button>
        </Group>
      </Notice>
    </Box>
  );
}
