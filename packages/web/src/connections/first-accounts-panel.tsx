import { Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { LoadFailure } from '../failures/load-failure.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Panel } from '../shell/panel.tsx';
import { accountsQuery } from './connection-queries.ts';

const skeletonHeight = 160;

/** The environment's first accounts, read through the proxy: proof for the eye. */
export function FirstAccountsPanel({ connectionId }: { connectionId: string }) {
  const accounts = useQuery(accountsQuery(useHubClient(), connectionId));
  return (
    <Panel title="First accounts" description="Read just now, through the hub’s proxy.">
      {accounts.isPending && <Skeleton height={skeletonHeight} />}
      {accounts.isError && <LoadFailure error={accounts.error} onRetry={() => void accounts.refetch()} />}
      {accounts.data?.length === 0 && (
        <Text size="sm">The environment has no accounts that you may read.</Text>
      )}
      {accounts.data !== undefined && accounts.data.length > 0 && (
        <Table aria-label="First accounts" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>City</Table.Th>
              <Table.Th>Telephone</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {accounts.data.map((account) => (
              <Table.Tr key={account.id}>
                <Table.Td>{account.name ?? '–'}</Table.Td>
                <Table.Td>{account.city ?? '–'}</Table.Td>
                <Table.Td>{account.telephone ?? '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
