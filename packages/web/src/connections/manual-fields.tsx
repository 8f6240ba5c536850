import { Stack, TextInput } from '@mantine/core';
import { SecretField } from '../secrets/secret-field.tsx';
import { ClientIdField } from './client-id-field.tsx';
import type { DraftFieldsProps } from './draft-fields.ts';
import { OwnCredentialFields } from './own-credential-fields.tsx';

/** What someone brings who got the tokens by hand. */
export function ManualFields({ draft, errors, change }: DraftFieldsProps) {
  return (
    <Stack gap="md">
      <ClientIdField draft={draft} errors={errors} change={change} />
      <OwnCredentialFields
        draft={draft}
        errors={errors}
        change={change}
        description="The secret’s value. Needed for refreshing, unless the app is a public client."
      />
      <SecretField
        label="Access token"
        value={draft.accessToken}
        error={errors.accessToken}
        onChange={(accessToken) => change({ accessToken })}
      />
      <SecretField
        label="Refresh token"
        description="Without it the connection ends with the access token, after about an hour."
        value={draft.refreshToken}
        error={errors.refreshToken}
        onChange={(refreshToken) => change({ refreshToken })}
      />
      <TextInput
        label="Token URL"
        description="Left empty: found from the environment. Its form tells the endpoint version, v1 or v2."
        placeholder="https://login.microsoftonline.com/…/oauth2/token"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={draft.tokenUrl}
        error={errors.tokenUrl}
        onChange={(event) => change({ tokenUrl: event.currentTarget.value })}
      />
    </Stack>
  );
}
