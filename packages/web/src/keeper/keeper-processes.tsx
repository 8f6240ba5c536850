import type { Keeper } from '@latchkey/client';
import { Stack, Text } from '@mantine/core';
import { IconCheck, IconMoon, IconPlugConnectedX } from '@tabler/icons-react';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { ToneBadge } from '../facts/tone-badge.tsx';
import { Panel } from '../shell/panel.tsx';

type KeeperProcess = Keeper['processes'][number];

/** The hub processes on the database, and whether their keepers work. */
export function KeeperProcesses({ processes }: { processes: KeeperProcess[] }) {
  return (
    <Panel title="Processes">
      <Stack gap="lg">
        {processes.length === 0 && <Text size="sm">No process has reported yet.</Text>}
        {processes.map((reported) => (
          <Stack key={reported.id} gap="xs" align="flex-start">
            <Text fw={600}>{reported.name}</Text>
            <ProcessState reported={reported} />
            <FactList
              facts={[
                { label: 'Under way', value: String(reported.underWay) },
                { label: 'Done', value: String(reported.runs) },
                { label: 'Started', value: <Moment at={reported.startedAt} /> },
                { label: 'Last reported', value: <Moment at={reported.lastSeenAt} /> },
              ]}
            />
          </Stack>
        ))}
      </Stack>
    </Panel>
  );
}

function ProcessState({ reported: { isOn, isSilent } }: { reported: KeeperProcess }) {
  if (isSilent)
    return (
      <ToneBadge tone="danger" icon={IconPlugConnectedX}>
        Silent
      </ToneBadge>
    );
  return isOn ? (
    <ToneBadge tone="success" icon={IconCheck}>
      On
    </ToneBadge>
  ) : (
    <ToneBadge tone="neutral" icon={IconMoon}>
      Off
    </ToneBadge>
  );
}
