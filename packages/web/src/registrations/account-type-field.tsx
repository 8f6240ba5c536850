import type { SignInAudience } from '@latchkey/client';
import { Radio, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Choice } from '../shell/choice.tsx';
import { Disclosure } from '../shell/disclosure.tsx';
import { accountTypes } from './account-types.ts';

interface AccountTypeFieldProps {
  value: SignInAudience;
  error: ReactNode;
  onChange: (value: SignInAudience) => void;
}

/** Supported account types, as the portal asks for them, with what each means here. */
export function AccountTypeField({ value, error, onChange }: AccountTypeFieldProps) {
  return (
    <div>
      <Radio.Group
        label="Supported account types"
        description="Who can use this application or access this API?"
        value={value}
        error={error}
        onChange={(chosen) => {
          const type = accountTypes.find((candidate) => candidate.value === chosen);
          if (type !== undefined) onChange(type.value);
        }}
      >
        <Stack gap="xs" mt="xs">
          {accountTypes.map((type) => (
            <Choice key={type.value} value={type.value} label={type.label} />
          ))}
        </Stack>
      </Radio.Group>
      <Disclosure label="Help me choose">
        {accountTypes.map((type) => (
          <div key={type.value}>
            <Text size="sm" fw={600}>
              {type.label}
            </Text>
            <Text size="sm">{type.help}</Text>
          </div>
        ))}
      </Disclosure>
    </div>
  );
}
