import type { Keeper } from '@latchkey/client';
import { IconAlertTriangle, IconCheck, IconPlugConnectedX, type TablerIcon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Tone, ToneBadge } from '../facts/tone-badge.tsx';
import { LoadFailure } from '../failures/load-failure.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Page } from '../shell/page.tsx';
import { PageSkeleton } from '../shell/page-skeleton.tsx';
import { judgeKeeping } from './judge-keeping.ts';
import { KeeperGlance } from './keeper-glance.tsx';
import { KeeperProcesses } from './keeper-processes.tsx';
import { keeperQuery } from './keeper-query.ts';
import { KeeperWork } from './keeper-work.tsx';
import { NextWork } from './next-work.tsx';

/** What the hub does without anybody asking, so that connections keep working. */
export function KeeperPage() {
  const { data, error, refetch } = useQuery(keeperQuery(useHubClient()));
  if (!data && !error) return <PageSkeleton />;
  if (!data) {
    return (
      <Page title="Keeper" description={purpose}>
        {error && <LoadFailure error={error} onRetry={() => void refetch()} />}
      </Page>
    );
  }
  return (
    <Page
      title="Keeper"
      mark={<Verdict keeper={data} />}
      description={`${purpose}. ${judgeKeeping(data).reason}`}
    >
      <KeeperGlance keeper={data} />
      <KeeperWork kinds={data.kinds} countedUpTo={data.countedUpTo} />
      <KeeperProcesses processes={data.processes} />
      <NextWork next={data.next} />
    </Page>
  );
}

const purpose = 'What the hub does without anybody asking, so that connections keep working';

const icons: Partial<Record<Tone, TablerIcon>> = { success: IconCheck, danger: IconPlugConnectedX };

function Verdict({ keeper }: { keeper: Keeper }) {
  const { tone, word } = judgeKeeping(keeper);
  return (
    <ToneBadge tone={tone} icon={icons[tone] ?? IconAlertTriangle}>
      {word}
    </ToneBadge>
  );
}
