import type { Connection } from '@latchkey/client';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { fieldErrorsOf } from '../failures/field-errors.ts';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { settingsQuery } from '../hub/settings-query.ts';
import { SecretField } from '../secrets/secret-field.tsx';
import { Panel } from '../shell/panel.tsx';
import { useUpdateConnection } from './use-update-connection.ts';

const noTokens = { accessToken: '', refreshToken: '' };

/** Reconnects a connection that was entered by hand: by new tokens in place, or by a sign-in once the app allows it. */
export function ReplaceTokensPanel({ connection }: { connection: Connection }) {
  const [tokens, setTokens] = useState(noTokens);
  const update = useUpdateConnection(connection.id);
  const settings = useQuery(settingsQuery(useHubClient()));
  const errors = fieldErrorsOf(update.error);
  const given = Object.entries(tokens).filter(([, token]) => token.trim() !== '');
  const isAtField = errors.accessToken !== undefined || errors.refreshToken !== undefined;
  return (
    <Panel
      title="New tokens"
      description="They are tried before they take the place of those that are kept. A refresh token is enough."
    >
      <form
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate(Object.fromEntries(given), { onSuccess: () => setTokens(noTokens) });
        }}
      >
        <Stack gap="md">
          <SecretField
            label="New refresh token"
            value={tokens.refreshToken}
            error={errors.refreshToken}
            onChange={(refreshToken) => setTokens({ ...tokens, refreshToken })}
          />
          <SecretField
            label="New access token"
            description="Without a refresh token, the connection ends with it."
            value={tokens.accessToken}
            error={errors.accessToken}
            onChange={(accessToken) => setTokens({ ...tokens, accessToken })}
          />
          {update.error !== null && !isAtField && (
            <FailurePanel failure={failureOf(update.error)} announceReady />
          )}
          <Group>
            <Button type="submit" variant="default" loading={update.isPending} disabled={given.length === 0}>
              Replace tokens
            </Button>
            <Text size="sm" role="status">
              {update.isSuccess && 'Replaced.'}
            </Text>
          </Group>
          {settings.data !== undefined && (
            <Text size="sm" component="div">
              To sign in instead, the app registration needs this redirect URI:{' '}
              <CopyableValue value={settings.data.redirectUri} what="redirect URI" />
            </Text>
          )}
        </Stack>
      </form>
    </Panel>
  );
}
