import { Button, Divider, Group, Paper, Stack } from '@mantine/core';
import { useRef, useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { type FieldErrors, fieldErrorsOf } from '../failures/field-errors.ts';
import { useFocusFirstError } from '../failures/use-focus-first-error.ts';
import { ButtonLink } from '../shell/links.tsx';
import { AdvancedFields } from './advanced-fields.tsx';
import { AppFields } from './app-fields.tsx';
import { type ConnectionDraft, checkConnection, emptyConnection } from './connection-draft.ts';
import { EnvironmentAddressField } from './environment-address-field.tsx';
import { ManualFields } from './manual-fields.tsx';
import { MethodField } from './method-field.tsx';
import { useCreateConnection } from './use-create-connection.ts';

const formWidth = 720;

/** The form for a new connection; `registrationId` is the registration to begin with, if one was chosen. */
export function ConnectionForm({ registrationId }: { registrationId: string | null }) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<ConnectionDraft>({
    ...emptyConnection,
    registrationId: registrationId ?? '',
  });
  const [errors, setErrors] = useState<FieldErrors>({});
  useFocusFirstError(form, errors);
  const create = useCreateConnection();

  function submit() {
    const found = checkConnection(draft);
    setErrors(found);
    create.reset();
    if (Object.keys(found).length > 0) return;
    create.mutate(draft, { onError: (error) => setErrors(fieldErrorsOf(error)) });
  }

  const fields = {
    draft,
    errors,
    change: (changes: Partial<ConnectionDraft>) => setDraft((before) => ({ ...before, ...changes })),
  };
  const registersFirst = draft.method !== 'manual' && draft.app === 'new_registration';
  return (
    <form
      ref={form}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Paper withBorder p={{ base: 'md', sm: 'lg' }} maw={formWidth}>
        <Stack gap="lg">
          <EnvironmentAddressField {...fields} />
          <MethodField {...fields} />
          <Divider />
          {draft.method === 'manual' ? <ManualFields {...fields} /> : <AppFields {...fields} />}
          <AdvancedFields {...fields} />
          {create.error !== null && <FailurePanel failure={failureOf(create.error)} announceReady />}
          <Group>
            <Button type="submit" loading={create.isPending} disabled={registersFirst}>
              {draft.method === 'sign_in' ? 'Sign in with Microsoft' : 'Connect'}
            </Button>
            <ButtonLink to="/" variant="default">
              Cancel
            </ButtonLink>
          </Group>
        </Stack>
      </Paper>
    </form>
  );
}
