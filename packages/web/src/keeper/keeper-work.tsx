import type { Keeper } from '@latchkey/client';
import { Moment } from '../facts/moment.tsx';
import { Panel } from '../shell/panel.tsx';
import { RecordList } from '../shell/record-list.tsx';

interface KeeperWorkProps {
  kinds: Keeper['kinds'];
  countedUpTo: number;
}

/** Each kind of work: what is due, how late it is, and what was done lately. */
export function KeeperWork({ kinds, countedUpTo }: KeeperWorkProps) {
  return (
    <Panel title="Work">
      <RecordList
        label="Work by kind"
        rows={kinds}
        keyOf={({ kind }) => kind}
        columns={[
          { header: 'What', cell: ({ title }) => title },
          { header: 'Due now', isNumber: true, cell: ({ due }) => describeCount(due, countedUpTo) },
          { header: 'Waiting since', cell: ({ dueSince }) => dueSince && <Moment at={dueSince} /> },
          {
            header: 'Within an hour',
            isNumber: true,
            cell: ({ dueWithinAnHour }) => describeCount(dueWithinAnHour, countedUpTo),
          },
          { header: 'Done', isNumber: true, cell: ({ runs }) => runs.toLocaleString('en') },
          {
            header: 'Failed',
            isNumber: true,
            cell: ({ failures }) => failures.toLocaleString('en'),
          },
          { header: 'Last done', cell: ({ lastRunAt }) => <Moment at={lastRunAt} /> },
        ]}
      />
    </Panel>
  );
}

/** @returns a number that was counted up to a limit, for people */
export function describeCount(count: number, countedUpTo: number): string {
  return `${count.toLocaleString('en')}${count >= countedUpTo ? ' or more' : ''}`;
}
