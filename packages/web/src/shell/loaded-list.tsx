import { EmptyState, type EmptyStateProps, Paper, Stack } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { LoadFailure } from '../failures/load-failure.tsx';
import { LoadMore } from './load-more.tsx';
import { PageSkeleton } from './page-skeleton.tsx';

interface LoadedListProps<Item> {
  query: UseInfiniteQueryResult<Item[]>;
  /** Stands in place of an empty list. */
  empty: Pick<EmptyStateProps, 'icon' | 'title' | 'description'>;
  children: (items: Item[]) => ReactNode;
}

/** A list that comes page after page: while it loads, when it can't be loaded, empty, and as it is. */
export function LoadedList<Item>({ query, empty, children }: LoadedListProps<Item>) {
  return (
    <>
      {query.isPending && <PageSkeleton />}
      {query.isError && <LoadFailure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && (
        <Stack gap="md">
          {query.data.length === 0 ? (
            <Paper withBorder>
              <EmptyState p="xl" {...empty} />
            </Paper>
          ) : (
            children(query.data)
          )}
          <LoadMore query={query} />
        </Stack>
      )}
    </>
  );
}
