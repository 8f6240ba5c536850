import type { Keeper } from '@latchkey/client';
import { Table, Text } from '@mantine/core';
import { Moment } from '../facts/moment.tsx';
import { Panel } from '../shell/panel.tsx';

/** What is done next, the longest due first. */
export function NextWork({ next }: { next: Keeper['next'] }) {
  return (
    <Panel title="Next">
      {next.length === 0 ? (
        <Text size="sm">Nothing is to come.</Text>
      ) : (
        <Table aria-label="What is done next">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>For</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {next.map(({ kind, title, subjectId, subjectName, dueAt, isUnderWay }) => (
              <Table.Tr key={`${kind} ${subjectId}`}>
                <Table.Td>{isUnderWay ? 'under way' : <Moment at={dueAt} />}</Table.Td>
                <Table.Td>{title}</Table.Td>
                <Table.Td>{subjectName ?? subjectId}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
