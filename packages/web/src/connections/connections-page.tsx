import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { ButtonLink } from '../shell/links.tsx';
import { LoadedList } from '../shell/loaded-list.tsx';
import { Page } from '../shell/page.tsx';
import { ConnectionList } from './connection-list.tsx';
import { connectionsQuery } from './connection-queries.ts';

/** All connections, each with its state as last proven. */
export function ConnectionsPage() {
  const connections = useInfiniteQuery(connectionsQuery(useHubClient()));
  return (
    <Page
      title="Connections"
      description="Each state is what was last proven by a real call."
      actions={
        <ButtonLink to="/connections/new" leftSection={<IconPlus size={16} aria-hidden />}>
          New connection
        </ButtonLink>
      }
    >
      <LoadedList
        query={connections}
        empty={{
          icon: <IconPlugConnected size={40} stroke={1.25} aria-hidden />,
          title: 'No connections yet',
          description: 'Connect Microsoft Dynamics 365 CRM: paste the environment’s address and sign in.',
        }}
      >
        {(items) => <ConnectionList connections={items} />}
      </LoadedList>
    </Page>
  );
}
