import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';

/** In place of a page that is on its way. */
export function PageSkeleton() {
  return (
    <Stack gap="lg">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      <Skeleton height={32} width="min(20rem, 60%)" />
      <Skeleton height={16} width="min(32rem, 90%)" />
      <Skeleton height={220} />
    </Stack>
  );
}
