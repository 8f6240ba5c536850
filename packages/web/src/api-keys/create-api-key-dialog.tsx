import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { fieldErrorsOf } from '../failures/field-errors.ts';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { emptyDraft, toCreateApiKey } from './api-key-draft.ts';
import { ApiKeyFields } from './api-key-fields.tsx';
import { apiKeysQuery } from './api-keys-query.ts';
import { CreatedKey } from './created-key.tsx';

/** Asks what the key is for, makes it and shows it, this once. */
export function CreateApiKeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(emptyDraft);
  const field = useRef<HTMLInputElement>(null);
  const create = useMutation({
    mutationFn: () => client.apiKeys.create(toCreateApiKey(draft, Date.now())),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery(client).queryKey }),
    onError: () => field.current?.focus(),
    // The key must not stay in memory longer than the dialog shows it.
    gcTime: 0,
  });
  const errors = fieldErrorsOf(create.error);
  const isIncomplete = draft.name.trim() === '' || (draft.purpose === 'chosen' && draft.scopes.length === 0);

  function close() {
    create.reset();
    setDraft(emptyDraft);
    onClose();
  }

  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={create.data === undefined ? 'New API key' : 'Copy the key now'}
      closeOnClickOutside={create.data === undefined}
    >
      {create.data === undefined ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <Stack>
            <TextInput
              ref={field}
              label="Name"
              description="What will call with it, e.g. “Nightly export”."
              required
              data-autofocus
              autoComplete="off"
              value={draft.name}
              error={errors.name}
              onChange={({ currentTarget: { value } }) => setDraft((before) => ({ ...before, name: value }))}
            />
            <ApiKeyFields
              draft={draft}
              errors={errors}
              change={(part) => setDraft((before) => ({ ...before, ...part }))}
            />
            {create.error !== null && Object.keys(errors).length === 0 && (
              <FailurePanel failure={failureOf(create.error)} announceReady />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending} disabled={isIncomplete}>
                Create
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <CreatedKey apiKey={create.data} onDone={close} />
      )}
    </Dialog>
  );
}
