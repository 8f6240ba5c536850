import type { Connection } from '@latchkey/client';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { fieldErrorsOf } from '../failures/field-errors.ts';
import { SecretField } from '../secrets/secret-field.tsx';
import { Panel } from '../shell/panel.tsx';
import { useUpdateConnection } from './use-update-connection.ts';

/** Replaces the client secret in place: the connection keeps its id and its tokens. */
export function SecretPanel({ connection }: { connection: Connection }) {
  const [clientSecret, setClientSecret] = useState('');
  const update = useUpdateConnection(connection.id);
  const fieldError = fieldErrorsOf(update.error).clientSecret;
  return (
    <Panel
      title="Client secret"
      description={
        connection.hasClientSecret ? 'One is kept, encrypted. It is never shown.' : 'None is kept.'
      }
    >
      <form
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ clientSecret: clientSecret.trim() }, { onSuccess: () => setClientSecret('') });
        }}
      >
        <Stack gap="md">
          <SecretField
            label="New client secret"
            value={clientSecret}
            error={fieldError}
            onChange={setClientSecret}
          />
          {update.error !== null && fieldError === undefined && (
            <FailurePanel failure={failureOf(update.error)} announceReady />
          )}
          <Group>
            <Button
              type="submit"
              variant="default"
              loading={update.isPending}
              disabled={clientSecret.trim() === ''}
            >
              Replace secret
            </Button>
            <Text size="sm" role="status">
              {update.isSuccess && 'Replaced.'}
            </Text>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
