import type { RemoteError } from '@latchkey/client';
import { Code, Stack, Text } from '@mantine/core';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { FactList } from '../facts/fact-list.tsx';
import { OutsideLink } from '../facts/outside-link.tsx';
import classes from './remote-error-details.module.css';

const systemNames: Record<RemoteError['system'], string> = {
  entra: 'Microsoft Entra ID said',
  graph: 'Microsoft Graph said',
  dataverse: 'Dynamics 365 said',
  network: 'The network said',
};

/** The remote's words as they came, with the ids that its support asks for. */
export function RemoteErrorDetails({ remote }: { remote: RemoteError }) {
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {systemNames[remote.system]}
      </Text>
      <blockquote className={classes.words}>{remote.message}</blockquote>
      <FactList
        facts={[
          { label: 'Its code', value: remote.code === null ? null : <Code>{remote.code}</Code> },
          {
            label: 'OAuth error',
            value: remote.oauthError === null ? null : <Code>{remote.oauthError}</Code>,
          },
          { label: 'HTTP status', value: remote.httpStatus },
          {
            label: 'Trace id',
            value: remote.traceId === null ? null : <CopyableValue value={remote.traceId} what="trace id" />,
          },
          {
            label: 'Correlation id',
            value:
              remote.correlationId === null ? null : (
                <CopyableValue value={remote.correlationId} what="correlation id" />
              ),
          },
          { label: 'Timestamp', value: remote.timestamp },
          {
            label: 'More',
            value:
              remote.helpLink === null ? null : (
                <OutsideLink href={remote.helpLink}>Microsoft’s page about this code</OutsideLink>
              ),
          },
        ]}
      />
    </Stack>
  );
}
