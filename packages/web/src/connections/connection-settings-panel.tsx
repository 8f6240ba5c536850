import type { Connection } from '@latchkey/client';
import { Button, Group, NumberInput, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { type FieldErrors, fieldErrorsOf } from '../failures/field-errors.ts';
import { useFocusFirstError } from '../failures/use-focus-first-error.ts';
import { Panel } from '../shell/panel.tsx';
import { checkRequestTimeout, requestTimeoutRange } from './connection-draft.ts';
import { useUpdateConnection } from './use-update-connection.ts';

/** What can be changed of a connection without touching its sign-in. */
export function ConnectionSettingsPanel({ connection }: { connection: Connection }) {
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(connection.name);
  const [description, setDescription] = useState(connection.description);
  const [timeout, setTimeoutSeconds] = useState<number | string>(connection.requestTimeoutSeconds);
  const [errors, setErrors] = useState<FieldErrors>({});
  useFocusFirstError(form, errors);
  const update = useUpdateConnection(connection.id);

  function save() {
    const found: FieldErrors = {};
    if (name.trim() === '') found.name = 'Give the connection a name.';
    const timeoutError = checkRequestTimeout(timeout);
    if (timeoutError !== null) found.requestTimeoutSeconds = timeoutError;
    setErrors(found);
    update.reset();
    if (Object.keys(found).length > 0) return;
    update.mutate(
      { name: name.trim(), description: description.trim(), requestTimeoutSeconds: Number(timeout) },
      { onError: (error) => setErrors(fieldErrorsOf(error)) },
    );
  }

  return (
    <Panel title="Settings">
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            required
            autoComplete="off"
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            value={description}
            error={errors.description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <NumberInput
            label="Request timeout (seconds)"
            min={requestTimeoutRange.min}
            max={requestTimeoutRange.max}
            allowDecimal={false}
            value={timeout}
            error={errors.requestTimeoutSeconds}
            onChange={setTimeoutSeconds}
          />
          {update.error !== null && <FailurePanel failure={failureOf(update.error)} announceReady />}
          <Group>
            <Button type="submit" loading={update.isPending}>
              Save
            </Button>
            <Text size="sm" role="status">
              {update.isSuccess && 'Saved.'}
            </Text>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
