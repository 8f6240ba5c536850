import { IconApps, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { ButtonLink } from '../shell/links.tsx';
import { LoadedList } from '../shell/loaded-list.tsx';
import { Page } from '../shell/page.tsx';
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
      <LoadedList
        query={registrations}
        empty={{
          icon: <IconApps size={40} stroke={1.25} aria-hidden />,
          title: 'No app registrations yet',
          description:
            'Latchkey registers the app, asks for the permission, grants consent and makes the secret.',
        }}
      >
        {(items) => <RegistrationList registrations={items} />}
      </LoadedList>
    </Page>
  );
}
