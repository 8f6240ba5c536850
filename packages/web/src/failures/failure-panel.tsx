import type { Failure, Problem } from '@latchkey/client';
import { Code, Stack, Text } from '@mantine/core';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { FactList } from '../facts/fact-list.tsx';
import { Notice } from '../facts/notice.tsx';
import { withLocalTimes } from '../facts/with-local-times.ts';
import { RemoteErrorDetails } from './remote-error-details.tsx';
import { actorNames } from './who-acts.ts';

interface FailurePanelProps {
  failure: Failure | Problem;
  /** True when the failure answers something the person just did, so that a screen reader says it at once. */
  announceReady?: boolean;
}

/** A failure in full: what happened, what to do and who, and the remote's own words. */
export function FailurePanel({ failure, announceReady = false }: FailurePanelProps) {
  return (
    <Notice tone="danger" {...(announceReady ? { role: 'alert' as const } : {})}>
      <Stack gap="sm">
        <div>
          <Text fw={600} size="sm">
            {failure.title}
          </Text>
          {failure.detail !== failure.title && <Text size="sm">{withLocalTimes(failure.detail)}</Text>}
        </div>
        <FactList
          facts={[
            { label: 'What to do', value: failure.remedy },
            { label: 'Who acts', value: actorNames[failure.whoActs] },
            { label: 'Code', value: <Code>{failure.code}</Code> },
            {
              label: 'Request id',
              value:
                'instance' in failure && failure.instance !== '' ? (
                  <CopyableValue value={failure.instance} what="request id" />
                ) : null,
            },
          ]}
        />
        {failure.remote !== null && <RemoteErrorDetails remote={failure.remote} />}
      </Stack>
    </Notice>
  );
}
