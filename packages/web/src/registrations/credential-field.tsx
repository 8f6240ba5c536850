import type { RegistrationCredential, Settings } from '@latchkey/client';
import { Radio, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Choice } from '../shell/choice.tsx';

interface CredentialFieldProps {
  value: RegistrationCredential;
  error: ReactNode;
  /** How the platform gives the hub a token of its own; null where it does not. */
  workloadIdentity: Settings['workloadIdentity'];
  onChange: (value: RegistrationCredential) => void;
}

const platforms: Record<NonNullable<Settings['workloadIdentity']>, string> = {
  file: 'the platform’s token file',
  github: 'GitHub Actions',
  azure: 'its managed identity in Azure',
};

/** What the app proves itself by. */
export function CredentialField({ value, error, workloadIdentity, onChange }: CredentialFieldProps) {
  return (
    <Radio.Group
      label="The app proves itself by"
      value={value}
      error={error}
      onChange={(chosen) => {
        if (chosen === 'secret' || chosen === 'certificate' || chosen === 'federated') onChange(chosen);
      }}
    >
      <Stack gap="xs" mt="xs">
        <Choice
          value="secret"
          label="A client secret"
          description="Entra ID makes it; the hub keeps it encrypted and warns before its end."
        />
        <Choice
          value="certificate"
          label="A certificate"
          description="The hub makes the key and never hands it out; Entra ID gets the public part. For directories that forbid secrets."
        />
        {workloadIdentity !== null && (
          <Choice
            value="federated"
            label="The hub’s own identity"
            description={`No secret at all: the app trusts the hub by ${platforms[workloadIdentity]}.`}
          />
        )}
      </Stack>
    </Radio.Group>
  );
}
