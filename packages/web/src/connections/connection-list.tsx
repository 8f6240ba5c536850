import type { Connection } from '@latchkey/client';
import { Paper, Stack, Table, Text } from '@mantine/core';
import { FactList } from '../facts/fact-list.tsx';
import { HostName } from '../facts/host-name.tsx';
import { Moment } from '../facts/moment.tsx';
import { withLocalTimes } from '../facts/with-local-times.ts';
import { TextLink } from '../shell/links.tsx';
import { useWideScreen } from '../shell/use-wide-screen.ts';
import { ConnectionStateBadge } from './connection-state-badge.tsx';
import { signInMethods } from './describe-connection.ts';

/** Connections as a table, or as cards where a table finds no room. */
export function ConnectionList({ connections }: { connections: Connection[] }) {
  return useWideScreen() ? (
    <ConnectionTable connections={connections} />
  ) : (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
      {connections.map((connection) => (
        <Paper component="li" key={connection.id} withBorder p="md">
          <Stack gap="sm" align="flex-start">
            <ConnectionName connection={connection} />
            <ConnectionStateBadge state={connection.status.state} />
            <Text size="sm">{withLocalTimes(connection.status.reason)}</Text>
            <FactList
              facts={[
                { label: 'Environment', value: <HostName address={connection.environmentUrl} /> },
                { label: 'Method', value: signInMethods[connection.method] },
                { label: 'Last proven', value: <Moment at={connection.status.lastProvenAt} /> },
              ]}
            />
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

function ConnectionTable({ connections }: { connections: Connection[] }) {
  return (
    <Paper withBorder>
      <Table aria-label="Connections">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Environment</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Reason</Table.Th>
            <Table.Th>Last proven</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {connections.map((connection) => (
            <Table.Tr key={connection.id}>
              <Table.Td>
                <ConnectionName connection={connection} />
                <Text size="xs" c="dimmed">
                  {signInMethods[connection.method]}
                </Text>
              </Table.Td>
              <Table.Td>
                <HostName address={connection.environmentUrl} />
              </Table.Td>
              <Table.Td>
                <ConnectionStateBadge state={connection.status.state} />
              </Table.Td>
              <Table.Td>{withLocalTimes(connection.status.reason)}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Moment at={connection.status.lastProvenAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function ConnectionName({ connection: { id, name } }: { connection: Connection }) {
  return (
    <TextLink to="/connections/$connectionId" params={{ connectionId: id }} fw={600} inherit>
      {name}
    </TextLink>
  );
}
