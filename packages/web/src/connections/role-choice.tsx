import type { EnvironmentRole } from '@latchkey/client';
import { Button, Checkbox, Group, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useApplicationUserAction } from './application-user-queries.ts';

const listHeight = 260;
/** Environments have dozens of roles; fewer are seen at a glance. */
const searchFrom = 8;

interface RoleChoiceProps {
  connectionId: string;
  available: EnvironmentRole[];
}

/** The environment's own list of security roles, to pick from. */
export function RoleChoice({ connectionId, available }: RoleChoiceProps) {
  const [chosen, setChosen] = useState<string[]>([]);
  const [search, setSearch] = useState('');
  const choose = useApplicationUserAction(connectionId, (client, roles: string[]) =>
    client.applicationUsers.chooseRoles(connectionId, roles),
  );
  const shown = available.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Stack gap="sm">
      {available.length >= searchFrom && (
        <TextInput
          label="Find a role"
          autoComplete="off"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <Checkbox.Group
        label="Security roles"
        description="The least that the app needs: it may do what they allow, and no more."
        value={chosen}
        onChange={setChosen}
      >
        <ScrollArea.Autosize mah={listHeight} mt="xs" type="auto">
          <Stack gap="xs" p={2}>
            {shown.map(({ id, name }) => (
              <Checkbox key={id} value={id} label={name} />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Checkbox.Group>
      {choose.error !== null && <FailurePanel failure={failureOf(choose.error)} announceReady />}
      <Group>
        <Button
          loading={choose.isPending}
          disabled={chosen.length === 0}
          onClick={() => choose.mutate(chosen)}
        >
          Give these roles
        </Button>
        <Text size="sm" role="status">
          {chosen.length === 0 ? 'None chosen' : `${chosen.length} chosen`}
        </Text>
      </Group>
    </Stack>
  );
}
