import type { Keeper } from '@latchkey/client';
import { Text } from '@mantine/core';
import { IconCheck, IconMoon, IconPlugConnectedX } from '@tabler/icons-react';
import { Moment } from '../facts/moment.tsx';
import { ToneBadge } from '../facts/tone-badge.tsx';
import { Panel } from '../shell/panel.tsx';
import { RecordList } from '../shell/record-list.tsx';

type KeeperProcess = Keeper['processes'][number];

/** The hub processes on the database, and whether their keepers work. */
export function KeeperProcesses({ processes }: { processes: KeeperProcess[] }) {
  return (
    <Panel title="Processes">
      {processes.length === 0 ? (
        <Text size="sm">No process has reported yet.</Text>
      ) : (
        <RecordList
          label="Processes"
          rows={processes}
          keyOf={({ id }) => id}
          columns={[
            { header: 'Machine and process', cell: ({ name }) => name },
            { header: 'Keeper', cell: (reported) => <ProcessState reported={reported} /> },
            { header: 'Under way', isNumber: true, cell: ({ underWay }) => underWay.toLocaleString('en') },
            { header: 'Done', isNumber: true, cell: ({ runs }) => runs.toLocaleString('en') },
            { header: 'Started', cell: ({ startedAt }) => <Moment at={startedAt} /> },
            { header: 'Last reported', cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} /> },
          ]}
        />
      )}
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
