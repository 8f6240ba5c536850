import type { Connection } from '@latchkey/client';
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Moment } from '../facts/moment.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { fieldErrorsOf } from '../failures/field-errors.ts';
import { CertificateField } from '../secrets/certificate-field.tsx';
import { SecretField } from '../secrets/secret-field.tsx';
import { Panel } from '../shell/panel.tsx';
import { useUpdateConnection } from './use-update-connection.ts';

type Kind = 'clientSecret' | 'clientCertificate';

/** Replaces what the app proves itself by, in place: the connection keeps its id and its tokens. */
export function SecretPanel({ connection }: { connection: Connection }) {
  const [kind, setKind] = useState<Kind>(
    connection.certificate === null ? 'clientSecret' : 'clientCertificate',
  );
  const [text, setText] = useState('');
  const update = useUpdateConnection(connection.id);
  const fieldError = fieldErrorsOf(update.error)[kind];
  return (
    <Panel title="Client secret or certificate" description={<Kept connection={connection} />}>
      <form
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ [kind]: text.trim() }, { onSuccess: () => setText('') });
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
              update.reset();
            }}
          />
          {kind === 'clientSecret' ? (
            <SecretField label="New client secret" value={text} error={fieldError} onChange={setText} />
          ) : (
            <CertificateField
              label="New certificate with private key"
              value={text}
              error={fieldError}
              onChange={setText}
            />
          )}
          {update.error !== null && fieldError === undefined && (
            <FailurePanel failure={failureOf(update.error)} announceReady />
          )}
          <Group>
            <Button type="submit" variant="default" loading={update.isPending} disabled={text.trim() === ''}>
              {kind === 'clientSecret' ? 'Replace secret' : 'Replace certificate'}
            </Button>
            {connection.registrationId !== null && connection.hasOwnCredential && (
              <Button
                variant="default"
                disabled={update.isPending}
                onClick={() => update.mutate({ clientSecret: null })}
              >
                Use the registration’s
              </Button>
            )}
            <Text size="sm" role="status">
              {update.isSuccess && 'Replaced.'}
            </Text>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function Kept({
  connection: { credential, certificate, registrationId, hasOwnCredential },
}: {
  connection: Connection;
}) {
  if (registrationId !== null && !hasOwnCredential && credential === 'secret') {
    return 'The registration’s is used. One that is given here is this connection’s alone; it is not rotated.';
  }
  if (certificate !== null) {
    return (
      <>
        A certificate is kept, its key encrypted: thumbprint {certificate.thumbprint}, ends{' '}
        <Moment at={certificate.endsAt} never="at an unknown time" />.
      </>
    );
  }
  switch (credential) {
    case 'secret':
      return 'One is kept, encrypted. It is never shown.';
    case 'certificate':
      return 'The registration’s certificate is used.';
    case 'federated':
      return 'The hub’s own identity is used; no secret is needed.';
    default:
      return 'None is kept.';
  }
}
