import type { Registration } from '@latchkey/client';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { fieldErrorsOf } from '../failures/field-errors.ts';
import { SecretField } from '../secrets/secret-field.tsx';
import { Panel } from '../shell/panel.tsx';
import { useRegistrationAction } from './use-registration-action.ts';

/** Replaces the client secret in place: every connection that signs in with the registration stays. */
export function ClientSecretPanel({ registration }: { registration: Registration }) {
  const [clientSecret, setClientSecret] = useState('');
  const [endsOn, setEndsOn] = useState('');
  const replace = useRegistrationAction(
    (client, body: { clientSecret: string; clientSecretEndsAt?: string }) =>
      client.registrations.update(registration.id, body),
  );
  const fieldErrors = fieldErrorsOf(replace.error);
  return (
    <Panel
      title="Change the client secret"
      description="Paste the value of a new secret from the app registration (Certificates & secrets). It is taken once Microsoft has issued a token for it; all connections stay."
    >
      <form
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          const body = {
            clientSecret: clientSecret.trim(),
            ...(endsOn !== '' && { clientSecretEndsAt: endsOn }),
          };
          replace.mutate(body, {
            onSuccess: () => {
              setClientSecret('');
              setEndsOn('');
            },
          });
        }}
      >
        <Stack gap="md">
          <SecretField
            label="New client secret"
            value={clientSecret}
            error={fieldErrors.clientSecret}
            onChange={setClientSecret}
          />
          <TextInput
            type="date"
            label="Its end"
            description="As the portal shows it, so that you are warned in time."
            value={endsOn}
            error={fieldErrors.clientSecretEndsAt}
            onChange={(event) => setEndsOn(event.currentTarget.value)}
          />
          {replace.error !== null && Object.keys(fieldErrors).length === 0 && (
            <FailurePanel failure={failureOf(replace.error)} announceReady />
          )}
          <Group>
            <Button
              type="submit"
              variant="default"
              loading={replace.isPending}
              disabled={clientSecret.trim() === ''}
            >
              Prove and replace
            </Button>
            <Text size="sm" role="status">
              {replace.isSuccess && 'Replaced.'}
            </Text>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
