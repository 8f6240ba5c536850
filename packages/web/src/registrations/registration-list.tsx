import type { Registration } from '@latchkey/client';
import { Code, Paper, Stack, Table } from '@mantine/core';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { TextLink } from '../shell/links.tsx';
import { useWideScreen } from '../shell/use-wide-screen.ts';
import { RegistrationStateBadge } from './registration-state-badge.tsx';

/** Registrations as a table, or as cards where a table finds no room. */
export function RegistrationList({ registrations }: { registrations: Registration[] }) {
  return useWideScreen() ? (
    <RegistrationTable registrations={registrations} />
  ) : (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
      {registrations.map((registration) => (
        <Paper component="li" key={registration.id} withBorder p="md">
          <Stack gap="sm" align="flex-start">
            <RegistrationName registration={registration} />
            <RegistrationStateBadge registration={registration} />
            <FactList
              facts={[
                { label: 'Client id', value: registration.clientId },
                { label: 'Tenant', value: tenantOf(registration) },
                { label: 'Secret or certificate ends', value: <CredentialEnd registration={registration} /> },
              ]}
            />
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

function RegistrationTable({ registrations }: { registrations: Registration[] }) {
  return (
    <Paper withBorder>
      <Table aria-label="App registrations">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Application (client) id</Table.Th>
            <Table.Th>Tenant</Table.Th>
            <Table.Th>Secret or certificate ends</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {registrations.map((registration) => (
            <Table.Tr key={registration.id}>
              <Table.Td>
                <RegistrationName registration={registration} />
              </Table.Td>
              <Table.Td>
                <RegistrationStateBadge registration={registration} />
              </Table.Td>
              <Table.Td>
                {registration.clientId === null ? '–' : <Code>{registration.clientId}</Code>}
              </Table.Td>
              <Table.Td>{tenantOf(registration) ?? '–'}</Table.Td>
              <Table.Td>
                <CredentialEnd registration={registration} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function RegistrationName({ registration: { id, name } }: { registration: Registration }) {
  return (
    <TextLink to="/registrations/$registrationId" params={{ registrationId: id }} fw={600} inherit>
      {name}
    </TextLink>
  );
}

function CredentialEnd({ registration: { clientSecret, certificate } }: { registration: Registration }) {
  return <Moment at={clientSecret?.endsAt ?? certificate?.endsAt ?? null} never="–" />;
}

function tenantOf({ tenantName, tenantId }: Registration): string | null {
  return tenantName ?? tenantId;
}
