import type { ApiKey } from '@latchkey/client';
import { Button, Code, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { IconBan, IconCheck, IconClockX, IconDatabaseX } from '@tabler/icons-react';
import { useState } from 'react';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { ToneBadge } from '../facts/tone-badge.tsx';
import { useWideScreen } from '../shell/use-wide-screen.ts';
import { ReplaceApiKeyDialog } from './replace-api-key-dialog.tsx';
import { RevokeApiKeyDialog } from './revoke-api-key-dialog.tsx';
import { describeScopes } from './scope-words.ts';

/** API keys as a table, or as cards where a table finds no room, and the ways to replace and to end one. */
export function ApiKeyList({ keys }: { keys: ApiKey[] }) {
  const wide = useWideScreen();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [replacing, setReplacing] = useState<ApiKey | null>(null);
  const List = wide ? ApiKeyTable : ApiKeyCards;
  return (
    <>
      <List keys={keys} onReplace={setReplacing} onRevoke={setRevoking} />
      <ReplaceApiKeyDialog apiKey={replacing} onClose={() => setReplacing(null)} />
      <RevokeApiKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

interface KeyActions {
  onReplace: (apiKey: ApiKey) => void;
  onRevoke: (apiKey: ApiKey) => void;
}

interface KeysProps extends KeyActions {
  keys: ApiKey[];
}

function ApiKeyTable({ keys, ...actions }: KeysProps) {
  return (
    <Paper withBorder>
      <Table aria-label="API keys">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Key</Table.Th>
            <Table.Th>May</Table.Th>
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
              <Table.Td>{describeRights(key)}</Table.Td>
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
                <KeyButtons apiKey={key} {...actions} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function ApiKeyCards({ keys, ...actions }: KeysProps) {
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
                { label: 'May', value: describeRights(key) },
                { label: 'Created', value: <Moment at={key.createdAt} /> },
                { label: 'Last used', value: <Moment at={key.lastUsedAt} /> },
              ]}
            />
            <KeyButtons apiKey={key} {...actions} />
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

function describeRights({ scopes, connectionIds }: ApiKey): string {
  const rights = describeScopes(scopes);
  if (connectionIds === null) return rights;
  return `${rights}, with ${connectionIds.length === 1 ? 'one connection' : `${connectionIds.length} connections`}`;
}

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const { state, expiresAt, replacedBy, failure } = apiKey;
  return (
    <Stack gap="xs" align="flex-start">
      {state === 'revoked' ? (
        <ToneBadge tone="neutral" icon={IconBan}>
          Revoked
        </ToneBadge>
      ) : state === 'expired' ? (
        <ToneBadge tone="neutral" icon={IconClockX}>
          Ended
        </ToneBadge>
      ) : (
        <ToneBadge tone="success" icon={IconCheck}>
          Active
        </ToneBadge>
      )}
      {state !== 'revoked' && expiresAt !== null && (
        <Text size="sm">
          {replacedBy === null ? '' : 'Replaced. '}
          {state === 'active' ? 'Ends' : 'Ended'} <Moment at={expiresAt} />
        </Text>
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

function KeyButtons({ apiKey, onReplace, onRevoke }: KeyActions & { apiKey: ApiKey }) {
  if (apiKey.revokedAt !== null) return <Moment at={apiKey.revokedAt} />;
  if (apiKey.state === 'expired') return null;
  return (
    <Group gap="xs">
      {apiKey.replacedBy === null && apiKey.failure === undefined && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Replace ${apiKey.name}`}
          onClick={() => onReplace(apiKey)}
        >
          Replace
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Revoke ${apiKey.name}`}
        onClick={() => onRevoke(apiKey)}
      >
        Revoke
      </Button>
    </Group>
  );
}
