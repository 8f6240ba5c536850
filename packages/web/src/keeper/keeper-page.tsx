import { useQuery } from '@tanstack/react-query';
import { LoadFailure } from '../failures/load-failure.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Page } from '../shell/page.tsx';
import { PageSkeleton } from '../shell/page-skeleton.tsx';
import { KeeperProcesses } from './keeper-processes.tsx';
import { keeperQuery } from './keeper-query.ts';
import { KeeperWork } from './keeper-work.tsx';
import { NextWork } from './next-work.tsx';

/** What the hub does without anybody asking, so that connections keep working. */
export function KeeperPage() {
  const { data, error, refetch } = useQuery(keeperQuery(useHubClient()));
  if (!data && !error) return <PageSkeleton />;
  return (
    <Page
      title="Keeper"
      description="What the hub does without anybody asking, so that connections keep working"
    >
      {data ? (
        <>
          <KeeperWork kinds={data.kinds} countedUpTo={data.countedUpTo} />
          <NextWork next={data.next} />
          <KeeperProcesses processes={data.processes} />
        </>
      ) : (
        error && <LoadFailure error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  );
}
