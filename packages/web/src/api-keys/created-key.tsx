import type { CreatedApiKey } from '@latchkey/client';
import { Button, Group, Stack, Text } from '@mantine/core';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { Notice } from '../facts/notice.tsx';

/** A key just made, shown this once. */
export function CreatedKey({ apiKey, onDone }: { apiKey: CreatedApiKey; onDone: () => void }) {
  return (
    <Stack>
      <Notice tone="warning" role="status">
        This is the only time the key is shown. Keep it like a password.
      </Notice>
      <div>
        <Text size="sm" c="dimmed" mb={4}>
          {apiKey.name}
        </Text>
        <CopyableValue value={apiKey.key} what="API key" />
      </div>
      <Group justify="flex-end">
        <Button onClick={onDone} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
