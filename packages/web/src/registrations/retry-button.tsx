import type { Registration } from '@latchkey/client';
import { Button, Stack } from '@mantine/core';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useRegistrationAction } from './use-registration-action.ts';

/** Goes on from the step that failed. */
export function RetryButton({ registration }: { registration: Registration }) {
  const retry = useRegistrationAction((client) => client.registrations.retry(registration.id));
  return (
    <Stack gap="sm">
      <Button loading={retry.isPending} onClick={() => retry.mutate()}>
        Try again
      </Button>
      {retry.error !== null && <FailurePanel failure={failureOf(retry.error)} announceReady />}
    </Stack>
  );
}
