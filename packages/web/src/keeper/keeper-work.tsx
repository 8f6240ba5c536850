import type { Keeper } from '@latchkey/client';
import { Stack, Text } from '@mantine/core';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { Panel } from '../shell/panel.tsx';

interface KeeperWorkProps {
  kinds: Keeper['kinds'];
  countedUpTo: number;
}

/** Each kind of work: what is due, how late it is, and what was done lately. */
export function KeeperWork({ kinds, countedUpTo }: KeeperWorkProps) {
  const shown = (count: number) => (count >= countedUpTo ? `${count} or more` : String(count));
  return (
    <Panel title="Work">
      <Stack gap="lg">
        {kinds.map((work) => (
          <Stack key={work.kind} gap="xs">
            <Text fw={600}>{work.title}</Text>
            <FactList
              facts={[
                { label: 'Due now', value: shown(work.due) },
                { label: 'Waiting since', value: work.dueSince && <Moment at={work.dueSince} /> },
                { label: 'Due within an hour', value: shown(work.dueWithinAnHour) },
                { label: 'Done', value: String(work.runs) },
                { label: 'Failed unexpectedly', value: work.failures === 0 ? null : String(work.failures) },
                { label: 'Last done', value: <Moment at={work.lastRunAt} /> },
              ]}
            />
          </Stack>
        ))}
      </Stack>
    </Panel>
  );
}
