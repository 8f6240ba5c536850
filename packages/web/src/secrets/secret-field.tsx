import { PasswordInput, type PasswordInputProps } from '@mantine/core';

interface SecretFieldProps extends Omit<PasswordInputProps, 'onChange'> {
  label: string;
  onChange: (value: string) => void;
}

/** A field for a secret: hidden until asked for, and not for a password manager to fill or keep. */
export function SecretField({ label, onChange, ...props }: SecretFieldProps) {
  return (
    <PasswordInput
      {...props}
      label={label}
      autoComplete="off"
      data-1p-ignore
      data-lpignore="true"
      visibilityToggleButtonProps={{ 'aria-label': 'Show characters', tabIndex: 0 }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
