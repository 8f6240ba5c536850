import { Group, Radio, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { settingsQuery } from '../hub/settings-query.ts';
import { registrationsQuery } from '../registrations/registration-queries.ts';
import { ButtonLink } from '../shell/links.tsx';
import { ClientIdField } from './client-id-field.tsx';
import type { DraftFieldsProps } from './draft-fields.ts';
import { OwnCredentialFields } from './own-credential-fields.tsx';

/** Which app in Entra ID the connection uses. */
export function AppFields({ draft, errors, change }: DraftFieldsProps) {
  const client = useHubClient();
  const settings = useQuery(settingsQuery(client));
  const registrations = useInfiniteQuery(registrationsQuery(client));
  const ready = (registrations.data ?? []).filter(({ state }) => state === 'ready');
  const noneReady = registrations.isSuccess && ready.length === 0;

  return (
    <Stack gap="md">
      <Radio.Group
        label="App registration"
        value={draft.app}
        onChange={(app) => {
          if (app === 'registration' || app === 'new_registration' || app === 'own_app') change({ app });
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="registration"
            label="A registration of this hub"
            {...(noneReady ? { description: 'There is none that is ready yet.' } : {})}
          />
          <Radio value="new_registration" label="Register a new app" />
          <Radio value="own_app" label="An app with its own client id" />
        </Stack>
      </Radio.Group>
      {draft.app === 'registration' && (
        <Select
          label="Registration"
          required
          allowDeselect={false}
          placeholder={noneReady ? 'None is ready' : 'Choose'}
          disabled={noneReady}
          data={ready.map(({ id, name, tenantName, clientId }) => ({
            value: id,
            label: [name, tenantName ?? clientId].filter(Boolean).join(' – '),
          }))}
          value={draft.registrationId === '' ? null : draft.registrationId}
          error={errors.registrationId}
          onChange={(registrationId) => change({ registrationId: registrationId ?? '' })}
        />
      )}
      {draft.app === 'new_registration' && (
        <Group>
          <ButtonLink to="/registrations/new" variant="default">
            Go on to the registration
          </ButtonLink>
        </Group>
      )}
      {draft.app === 'own_app' && (
        <>
          <ClientIdField draft={draft} errors={errors} change={change} />
          <OwnCredentialFields
            draft={draft}
            errors={errors}
            change={change}
            description="The secret’s value, not its “Secret ID”."
            required={draft.method === 'client_credentials'}
          />
          {draft.method === 'sign_in' && settings.data !== undefined && (
            <div>
              <Text size="sm">
                The app must have this redirect URI, of the platform Web, exactly as it stands:
              </Text>
              <CopyableValue value={settings.data.redirectUri} what="redirect URI" />
            </div>
          )}
        </>
      )}
      {draft.method === 'client_credentials' && (
        <Text size="sm" c="dimmed">
          The environment must have an application user for this app, with a security role. Once connected,
          choose “Connect as the app itself” on the connection’s page, and the hub makes it.
        </Text>
      )}
    </Stack>
  );
}
