import type { Keeper } from '@latchkey/client';
import { Paper, SimpleGrid, Text } from '@mantine/core';
import { describeWait } from './judge-keeping.ts';
import { describeCount } from './keeper-work.tsx';

/** What is due, what was done and who does it, in four figures. */
export function KeeperGlance({ keeper: { kinds, processes, countedUpTo } }: { keeper: Keeper }) {
  const sum = (figure: 'due' | 'underWay' | 'dueWithinAnHour' | 'runs' | 'failures') =>
    kinds.reduce((total, kind) => total + kind[figure], 0);
  const overdue = Math.max(0, ...kinds.map(({ overdueSeconds }) => overdueSeconds));
  const keeping = processes.filter(({ isOn, isSilent }) => isOn && !isSilent).length;
  const silent = processes.filter(({ isSilent }) => isSilent).length;
  const figures = [
    {
      label: 'Due now',
      value: describeCount(sum('due'), countedUpTo),
      note: overdue > 0 ? `the oldest for ${describeWait(overdue)}` : `${sum('underWay')} under way`,
    },
    {
      label: 'Due within an hour',
      value: describeCount(sum('dueWithinAnHour'), countedUpTo),
      note: 'besides what is due now',
    },
    {
      label: 'Done',
      value: sum('runs').toLocaleString('en'),
      note: sum('failures') === 0 ? 'none failed unexpectedly' : `${sum('failures')} failed unexpectedly`,
    },
    {
      label: 'Processes that keep',
      value: `${keeping} of ${processes.length}`,
      note: silent === 0 ? 'all report' : `${silent} silent`,
    },
  ];
  return (
    <SimpleGrid component="dl" m={0} cols={{ base: 2, md: 4 }} spacing={{ base: 'sm', md: 'md' }}>
      {figures.map(({ label, value, note }) => (
        <Paper key={label} withBorder p="md">
          <Text component="dt" size="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" m={0} fz="1.5rem" fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
            {value}
          </Text>
          <Text component="dd" m={0} size="xs" c="dimmed">
            {note}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
