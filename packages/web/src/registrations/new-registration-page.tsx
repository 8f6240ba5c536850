import { Button, Checkbox, Group, NumberInput, Paper, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { type FieldErrors, fieldErrorsOf } from '../failures/field-errors.ts';
import { useFocusFirstError } from '../failures/use-focus-first-error.ts';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { settingsQuery } from '../hub/settings-query.ts';
import { Choice } from '../shell/choice.tsx';
import { Disclosure } from '../shell/disclosure.tsx';
import { ButtonLink } from '../shell/links.tsx';
import { Page } from '../shell/page.tsx';
import { AccountTypeField } from './account-type-field.tsx';
import { CredentialField } from './credential-field.tsx';
import { NoApplicationPermissions } from './no-application-permissions.tsx';
import {
  checkRegistration,
  emptyRegistration,
  type RegistrationDraft,
  secretLifetimeRange,
  toCreateRegistration,
} from './registration-draft.ts';

const formWidth = 720;

/** Asks for what a registration needs; the administrator's sign-in follows on the registration's own page. */
export function NewRegistrationPage() {
  const client = useHubClient();
  const navigate = useNavigate();
  const settings = useQuery(settingsQuery(client));
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(emptyRegistration);
  const [errors, setErrors] = useState<FieldErrors>({});
  useFocusFirstError(form, errors);

  const create = useMutation({
    mutationFn: (checked: RegistrationDraft) => client.registrations.create(toCreateRegistration(checked)),
    onSuccess: ({ id }) =>
      navigate({ to: '/registrations/$registrationId', params: { registrationId: id }, replace: true }),
    onError: (error) => setErrors(fieldErrorsOf(error)),
  });
  const change = (changes: Partial<RegistrationDraft>) => setDraft((before) => ({ ...before, ...changes }));

  function submit() {
    const found = checkRegistration(draft);
    setErrors(found);
    create.reset();
    if (Object.keys(found).length === 0) create.mutate(draft);
  }

  return (
    <Page
      title="New app registration"
      description="Latchkey registers the app in Microsoft Entra ID, asks for the permission, grants admin consent and makes what the app proves itself by. An administrator signs in once for it."
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Paper withBorder p={{ base: 'md', sm: 'lg' }} maw={formWidth}>
          <Stack gap="lg">
            <TextInput
              label="Name"
              description="People see it when they consent."
              required
              autoComplete="off"
              value={draft.name}
              error={errors.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <AccountTypeField
              value={draft.signInAudience}
              error={errors.signInAudience}
              onChange={(signInAudience) => change({ signInAudience })}
            />
            {settings.data !== undefined && (
              <div>
                <Text size="sm" fw={600}>
                  Redirect URI
                </Text>
                <Text size="xs" c="dimmed" mb={4}>
                  Where Microsoft sends people back to. It is registered exactly as it stands here.
                </Text>
                <CopyableValue value={settings.data.redirectUri} what="redirect URI" />
              </div>
            )}
            <CredentialField
              value={draft.credential}
              error={errors.credential}
              workloadIdentity={settings.data?.workloadIdentity ?? null}
              onChange={(credential) => change({ credential })}
            />
            <NoApplicationPermissions />
            <Radio.Group
              label="Administrator sign-in"
              value={draft.administratorSignIn}
              error={errors.administratorSignIn}
              onChange={(way) =>
                change({ administratorSignIn: way === 'device_code' ? 'device_code' : 'browser' })
              }
            >
              <Stack gap="xs" mt="xs">
                <Choice
                  value="browser"
                  label="In this browser"
                  description="You are the administrator, or they sit beside you."
                />
                <Choice
                  value="device_code"
                  label="With a device code"
                  description="The administrator enters a short code in their own browser, anywhere."
                />
              </Stack>
            </Radio.Group>
            <Checkbox
              label="Let the hub rotate the client secret by itself"
              description="The app becomes an owner of itself and may change itself (Microsoft Graph Application.ReadWrite.OwnedBy). Giving it that takes a Global Administrator or Privileged Role Administrator."
              checked={draft.automaticRotation}
              onChange={(event) => change({ automaticRotation: event.currentTarget.checked })}
            />
            <Disclosure
              label="Advanced"
              forced={errors.tenantId !== undefined || errors.secretLifetimeDays !== undefined}
            >
              <TextInput
                label="Tenant"
                description="Id or domain. Left empty: the tenant of the administrator who signs in."
                placeholder="contoso.onmicrosoft.com"
                autoComplete="off"
                value={draft.tenantId}
                error={errors.tenantId}
                onChange={(event) => change({ tenantId: event.currentTarget.value })}
              />
              {draft.credential !== 'federated' && (
                <NumberInput
                  label={
                    draft.credential === 'certificate'
                      ? 'Certificate ends after (days)'
                      : 'Client secret ends after (days)'
                  }
                  min={secretLifetimeRange.min}
                  max={secretLifetimeRange.max}
                  allowDecimal={false}
                  value={draft.secretLifetimeDays}
                  error={errors.secretLifetimeDays}
                  onChange={(secretLifetimeDays) => change({ secretLifetimeDays })}
                />
              )}
            </Disclosure>
            {create.error !== null && <FailurePanel failure={failureOf(create.error)} announceReady />}
            <Group>
              <Button type="submit" loading={create.isPending}>
                Register
              </Button>
              <ButtonLink to="/registrations" variant="default">
                Cancel
              </ButtonLink>
            </Group>
          </Stack>
        </Paper>
      </form>
    </Page>
  );
}
