import type { Registration, UpdateRegistration } from '@latchkey/client';
import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { fieldErrorsOf } from '../failures/field-errors.ts';
import { CertificateField } from '../secrets/certificate-field.tsx';
import { SecretField } from '../secrets/secret-field.tsx';
import { Panel } from '../shell/panel.tsx';
import { useRegistrationAction } from './use-registration-action.ts';

type Kind = 'clientSecret' | 'clientCertificate';

/** Replaces what the app proves itself by, in place: every connection that signs in with the registration stays. */
export function GivenCredentialPanel({ registration }: { registration: Registration }) {
  const [kind, setKind] = useState<Kind>(
    registration.certificate === null ? 'clientSecret' : 'clientCertificate',
  );
  const [text, setText] = useState('');
  const [endsOn, setEndsOn] = useState('');
  const replace = useRegistrationAction((client, body: UpdateRegistration) =>
    client.registrations.update(registration.id, body),
  );
  const fieldErrors = fieldErrorsOf(replace.error);
  return (
    <Panel
      title="Give another secret or certificate"
      description="One that you made in the app registration (Certificates & secrets). It is taken once Microsoft has issued a token for it; all connections stay."
    >
      <form
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          const end = kind === 'clientSecret' && endsOn !== '' && { clientSecretEndsAt: endsOn };
          replace.mutate(
            { [kind]: text.trim(), ...end },
            {
              onSuccess: () => {
                setText('');
                setEndsOn('');
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <SegmentedControl
            aria-label="What takes its place"
            value={kind}
            data={[
              { value: 'clientSecret', label: 'Client secret' },
              { value: 'clientCertificate', label: 'Certificate' },
            ]}
            onChange={(value) => {
              setKind(value === 'clientCertificate' ? 'clientCertificate' : 'clientSecret');
              setText('');
              replace.reset();
            }}
          />
          {kind === 'clientSecret' ? (
            <>
              <SecretField
                label="New client secret"
                value={text}
                error={fieldErrors.clientSecret}
                onChange={setText}
              />
              <TextInput
                type="date"
                label="Its end"
                description="As the portal shows it, so that you are warned in time."
                value={endsOn}
                error={fieldErrors.clientSecretEndsAt}
                onChange={(event) => setEndsOn(event.currentTarget.value)}
              />
            </>
          ) : (
            <CertificateField
              label="New certificate with private key"
              value={text}
              error={fieldErrors.clientCertificate}
              onChange={setText}
            />
          )}
          {replace.error !== null && Object.keys(fieldErrors).length === 0 && (
            <FailurePanel failure={failureOf(replace.error)} announceReady />
          )}
          <Group>
            <Button type="submit" variant="default" loading={replace.isPending} disabled={text.trim() === ''}>
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
