import type { ApiKey } from '@latchkey/client';
import { Button, Code, Paper, Stack, Table, Text } from '@mantine/core';
import { IconBan, IconCheck, IconDatabaseX } from '@tabler/icons-react';
import { useState } from 'react';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { ToneBadge } from '../facts/tone-badge.tsx';
import { useWideScreen } from '../shell/use-wide-screen.ts';
import { RevokeApiKeyDialog } from './revoke-api-key-dialog.tsx';

/** API keys as a table, or as cards where a table finds no room, and the way to end one. */
export function ApiKeyList({ keys }: { keys: ApiKey[] }) {
  const wide = useWideScreen();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <>
      {wide ? (
        <ApiKeyTable keys={keys} onRevoke={setRevoking} />
      ) : (
        <ApiKeyCards keys={keys} onRevoke={setRevoking} />
      )}
      <RevokeApiKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

interface KeysProps {
  keys: ApiKey[];
  onRevoke: (apiKey: ApiKey) => void;
}

function ApiKeyTable({ keys, onRevoke }: KeysProps) {
  return (
    <Paper withBorder>
      <Table aria-label="API keys">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Key</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>{key.name}</Table.Td>
              <Table.Td>
                <Code>{key.prefix}…</Code>
              </Table.Td>
              <Table.Td>
                <KeyState apiKey={key} />
              </Table.Td>
              <Table.Td>
                <Moment at={key.createdAt} />
              </Table.Td>
              <Table.Td>
                <Moment at={key.lastUsedAt} />
              </Table.Td>
              <Table.Td>
                <RevokeButton apiKey={key} onRevoke={onRevoke} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function ApiKeyCards({ keys, onRevoke }: KeysProps) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
      {keys.map((key) => (
        <Paper component="li" key={key.id} withBorder p="md">
          <Stack gap="sm" align="flex-start">
            <Text fw={600}>{key.name}</Text>
            <KeyState apiKey={key} />
            <FactList
              facts={[
                { label: 'Key', value: <Code>{key.prefix}…</Code> },
                { label: 'Created', value: <Moment at={key.createdAt} /> },
                { label: 'Last used', value: <Moment at={key.lastUsedAt} /> },
              ]}
            />
            <RevokeButton apiKey={key} onRevoke={onRevoke} />
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const { revokedAt, failure } = apiKey;
  return (
    <Stack gap="xs" align="flex-start">
      {revokedAt === null ? (
        <ToneBadge tone="success" icon={IconCheck}>
          Active
        </ToneBadge>
      ) : (
        <ToneBadge tone="neutral" icon={IconBan}>
          Revoked
        </ToneBadge>
      )}
      {failure && (
        <>
          <ToneBadge tone="danger" icon={IconDatabaseX}>
            Damaged
          </ToneBadge>
          <Text size="sm">
            {failure.detail} {failure.remedy}
          </Text>
        </>
      )}
    </Stack>
  );
}

function RevokeButton({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: (apiKey: ApiKey) => void }) {
  if (apiKey.revokedAt !== null) return <Moment at={apiKey.revokedAt} />;
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`Revoke ${apiKey.name}`}
      onClick={() => onRevoke(apiKey)}
    >
      Revoke
    </Button>
  );
}
