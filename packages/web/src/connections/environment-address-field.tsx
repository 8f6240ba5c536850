import { Anchor, Stack, Text, TextInput } from '@mantine/core';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Notice } from '../facts/notice.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { settingsQuery } from '../hub/settings-query.ts';
import { environmentAddressQuery } from './connection-queries.ts';
import type { DraftFieldsProps } from './draft-fields.ts';
import { useConnectionString } from './use-connection-string.ts';

/**
 * Takes whatever address people paste and says, once they leave the field, what it was understood as. A connection
 * string fills the other fields in, too.
 */
export function EnvironmentAddressField({ draft, errors, change }: DraftFieldsProps) {
  const client = useHubClient();
  const settings = useQuery(settingsQuery(client));
  const [left, setLeft] = useState(draft.environmentUrl.trim());
  const connectionString = useConnectionString(change);
  const understood = useQuery({
    ...environmentAddressQuery(client, left),
    ...(left === '' ? { queryFn: skipToken } : {}),
  });
  const stillTyping = draft.environmentUrl.trim() !== left;
  const refusal = understood.error === null || stillTyping ? null : failureOf(understood.error);
  const localEnvironment = settings.data?.cloud.localEnvironments[0];

  /** Goes on with what the field shows; `shown` replaces it. */
  function leave(shown: string) {
    if (shown !== draft.environmentUrl) change({ environmentUrl: shown });
    setLeft(shown.trim());
  }

  return (
    <Stack gap="xs">
      <TextInput
        label="Environment address"
        description="Paste any address of your Dynamics 365: the app’s, the Web API’s, with or without https. Or a connection string."
        placeholder="https://contoso.crm4.dynamics.com"
        required
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={draft.environmentUrl}
        error={
          errors.environmentUrl ?? (refusal === null ? undefined : `${refusal.detail} ${refusal.remedy}`)
        }
        onChange={(event) => change({ environmentUrl: event.currentTarget.value })}
        onPaste={(event) => {
          const kept = connectionString.take(event.clipboardData.getData('text/plain'), setLeft);
          if (kept === null) return;
          event.preventDefault();
          leave(kept);
        }}
        onBlur={() => leave(connectionString.take(draft.environmentUrl, setLeft) ?? draft.environmentUrl)}
      />
      {localEnvironment !== undefined && draft.environmentUrl === '' && (
        <Text size="sm">
          This hub runs with the local Microsoft cloud.{' '}
          <Anchor component="button" type="button" inherit onClick={() => leave(localEnvironment)}>
            Use its environment, {localEnvironment}
          </Anchor>
        </Text>
      )}
      <div role="status">
        {understood.data !== undefined && !stillTyping && (
          <Notice tone="success">
            Organization <b>{understood.data.organization}</b>, region {understood.data.region}, at{' '}
            <b>{understood.data.origin}</b>
            {connectionString.reading?.origin === draft.environmentUrl && (
              <>
                <br />
                {[connectionString.reading.sentence, ...connectionString.reading.remarks].join(' ')}
              </>
            )}
          </Notice>
        )}
      </div>
    </Stack>
  );
}
