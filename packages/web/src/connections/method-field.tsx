import { Radio, Stack } from '@mantine/core';
import { Choice } from '../shell/choice.tsx';
import type { DraftFieldsProps } from './draft-fields.ts';

/** How the connection gets its tokens. */
export function MethodField({ draft, errors, change }: DraftFieldsProps) {
  return (
    <Radio.Group
      label="How to connect"
      value={draft.method}
      error={errors.method}
      onChange={(method) => {
        if (method === 'sign_in' || method === 'manual' || method === 'client_credentials')
          change({ method });
      }}
    >
      <Stack gap="xs" mt="xs">
        <Choice
          value="sign_in"
          label="Sign in with Microsoft"
          description="You sign in once; the hub keeps the connection alive. Calls run as you."
        />
        <Choice
          value="manual"
          label="or enter the details by hand"
          description="You already have a client id and tokens, from Postman for example."
        />
        <Choice
          value="client_credentials"
          label="Client credentials"
          description="No person: the app itself, as an application user of the environment."
        />
      </Stack>
    </Radio.Group>
  );
}
