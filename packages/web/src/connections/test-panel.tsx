import type { ConnectionTest } from '@latchkey/client';
import { Button, Stack } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Moment } from '../facts/moment.tsx';
import { Notice } from '../facts/notice.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Panel } from '../shell/panel.tsx';
import { StepList } from '../steps/step-list.tsx';
import { connectionQuery, connectionsQuery } from './connection-queries.ts';
import { describeTestStep, pendingTestSteps } from './describe-test.ts';

/** Proves the connection step by step, from the address to a read of accounts. */
export function TestPanel({ connectionId }: { connectionId: string }) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const test = useMutation({
    mutationFn: () => client.connections.test(connectionId),
    // The test proves, or disproves, everything else that is shown of the connection.
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: connectionQuery(client, connectionId).queryKey }),
        queryClient.invalidateQueries({ queryKey: connectionsQuery(client).queryKey }),
      ]);
    },
  });

  return (
    <Panel
      title="Test"
      description="Seven steps, from the address to a read of accounts, each with its own verdict."
      actions={
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Test
        </Button>
      }
    >
      {test.isPending && <StepList label="Steps of the test" steps={pendingTestSteps()} />}
      {test.error !== null && <FailurePanel failure={failureOf(test.error)} announceReady />}
      {test.data !== undefined && <TestResult test={test.data} />}
    </Panel>
  );
}

function TestResult({ test }: { test: ConnectionTest }) {
  const passed = test.outcome === 'passed';
  return (
    <Stack gap="md">
      <Notice tone={passed ? 'success' : 'danger'} role="status">
        <b>{passed ? 'Test passed' : 'Test failed'}</b>, <Moment at={test.testedAt} />.
      </Notice>
      <StepList label="Steps of the test" steps={test.steps.map(describeTestStep)} />
    </Stack>
  );
}
