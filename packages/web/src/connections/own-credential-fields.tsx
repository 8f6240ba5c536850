import { SegmentedControl, Stack, Text } from '@mantine/core';
import { CertificateField } from '../secrets/certificate-field.tsx';
import { SecretField } from '../secrets/secret-field.tsx';
import type { DraftFieldsProps } from './draft-fields.ts';

interface OwnCredentialFieldsProps extends DraftFieldsProps {
  /** Of the secret. */
  description: string;
  required?: boolean;
}

/** What an app that was made elsewhere proves itself by: a client secret, or a certificate with its key. */
export function OwnCredentialFields({
  draft,
  errors,
  change,
  description,
  required = false,
}: OwnCredentialFieldsProps) {
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} id="own-credential">
        The app proves itself by
      </Text>
      <SegmentedControl
        aria-labelledby="own-credential"
        value={draft.ownCredential}
        data={[
          { value: 'secret', label: 'Client secret' },
          { value: 'certificate', label: 'Certificate' },
        ]}
        onChange={(value) => change({ ownCredential: value === 'certificate' ? 'certificate' : 'secret' })}
      />
      {draft.ownCredential === 'secret' ? (
        <SecretField
          label="Client secret"
          description={description}
          required={required}
          value={draft.clientSecret}
          error={errors.clientSecret}
          onChange={(clientSecret) => change({ clientSecret })}
        />
      ) : (
        <CertificateField
          label="Certificate with private key"
          required={required}
          value={draft.clientCertificate}
          error={errors.clientCertificate}
          onChange={(clientCertificate) => change({ clientCertificate })}
        />
      )}
    </Stack>
  );
}
