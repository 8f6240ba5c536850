import { Textarea, type TextareaProps } from '@mantine/core';

interface CertificateFieldProps extends Omit<TextareaProps, 'onChange'> {
  label: string;
  onChange: (value: string) => void;
}

/** A field for a certificate with its private key, which nothing is to keep or to correct. */
export function CertificateField({ label, onChange, ...props }: CertificateFieldProps) {
  return (
    <Textarea
      {...props}
      label={label}
      description="PEM of the certificate and of its private key (RSA, no passphrase), in either order."
      placeholder="-----BEGIN PRIVATE KEY----- … -----BEGIN CERTIFICATE----- …"
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      data-1p-ignore
      data-lpignore="true"
      minRows={4}
      maxRows={8}
      autosize
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
