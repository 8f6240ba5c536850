import { TextInput } from '@mantine/core';
import type { DraftFieldsProps } from './draft-fields.ts';

/** The app's client id, under the name that the portal has for it. */
export function ClientIdField({ draft, errors, change }: DraftFieldsProps) {
  return (
    <TextInput
      label="Client id"
      description="“Application (client) ID” in the portal."
      required
      autoComplete="off"
      spellCheck={false}
      value={draft.clientId}
      error={errors.clientId}
      onChange={(event) => change({ clientId: event.currentTarget.value })}
    />
  );
}
