import { EmptyState, Paper, Stack } from '@mantine/core';
import { IconApps, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { LoadFailure } from '../failures/load-failure.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { ButtonLink } from '../shell/links.tsx';
import { LoadMore } from '../shell/load-more.tsx';
import { Page } from '../shell/page.tsx';
import { PageSkeleton } from '../shell/page-skeleton.tsx';
import { RegistrationList } from './registration-list.tsx';
import { registrationsQuery } from './registration-queries.ts';

/** The apps that the hub registered, or was given. */
export function RegistrationsPage() {
  const registrations = useInfiniteQuery(registrationsQuery(useHubClient()));
  return (
    <Page
      title="App registrations"
      description="Apps in Microsoft Entra ID that connections sign in with."
      actions={
        <ButtonLink to="/registrations/new" leftSection={<IconPlus size={16} aria-hidden />}>
          New registration
        </ButtonLink>
      }
    >
      {registrations.isPending && <PageSkeleton />}
      {registrations.isError && (
        <LoadFailure error={registrations.error} onRetry={() => void registrations.refetch()} />
      )}
      {registrations.data !== undefined && (
        <Stack gap="md">
          {registrations.data.length === 0 ? (
            <Paper withBorder>
              <EmptyState
                p="xl"
                icon={<IconApps size={40} stroke={1.25} aria-hidden />}
                title="No app registrations yet"
                description="Latchkey registers the app, asks for the permission, grants consent and makes the secret."
              />
            </Paper>
          ) : (
            <RegistrationList registrations={registrations.data} />
          )}
          <LoadMore query={registrations} />
        </Stack>
      )}
    </Page>
  );
}
