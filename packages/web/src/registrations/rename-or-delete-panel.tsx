import type { Registration } from '@latchkey/client';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { ConfirmDialog } from '../shell/confirm-dialog.tsx';
import { Panel } from '../shell/panel.tsx';
import { registrationQuery, registrationsQuery, registrationUsageQuery } from './registration-queries.ts';
import { RegistrationUsageNotice } from './registration-usage-notice.tsx';
import { useRegistrationAction } from './use-registration-action.ts';

/** What the registration is called here, and how the hub forgets it. */
export function RenameOrDeletePanel({ registration }: { registration: Registration }) {
  const { id, state } = registration;
  const [name, setName] = useState(registration.name);
  const rename = useRegistrationAction((client, body: { name: string }) =>
    client.registrations.update(id, body),
  );
  const renameThere = useRegistrationAction((client) =>
    client.registrations.rename(id, { administratorSignIn: 'browser' }),
  );
  const error = rename.error ?? renameThere.error;
  return (
    <Panel title="Name and end">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate({ name: name.trim() });
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description={describeNames(registration)}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {error !== null && <FailurePanel failure={failureOf(error)} announceReady />}
          <Group>
            <Button
              type="submit"
              variant="default"
              loading={rename.isPending}
              disabled={name.trim() === '' || name.trim() === registration.name || state !== 'ready'}
            >
              Rename
            </Button>
            {isNamedOtherwise(registration) && (
              <Button variant="default" loading={renameThere.isPending} onClick={() => renameThere.mutate()}>
                Rename in Entra ID, too
              </Button>
            )}
            <DeleteButton registration={registration} />
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function isNamedOtherwise({ name, nameInEntra, state }: Registration): boolean {
  return state === 'ready' && nameInEntra !== null && nameInEntra !== name;
}

function describeNames(registration: Registration): string {
  const { rotation, nameInEntra } = registration;
  if (isNamedOtherwise(registration)) return `In Microsoft Entra ID it is called ${nameInEntra}.`;
  return rotation.mayRotate === true
    ? 'It is changed in Microsoft Entra ID, too.'
    : 'It is changed here; in Microsoft Entra ID an administrator can change it afterwards.';
}

/** Has the hub forget the registration, after telling who would stop. */
function DeleteButton({ registration }: { registration: Registration }) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure(false);
  const [leaves, setLeaves] = useState(false);
  const usage = useQuery({ ...registrationUsageQuery(client, registration.id), enabled: opened });
  const remove = useMutation({
    mutationFn: () =>
      client.registrations.delete(registration.id, {
        force: true,
        ...(leaves && { applicationUsers: 'leave' }),
      }),
    onSuccess: async () => {
      await navigate({ to: '/registrations' });
      queryClient.removeQueries({ queryKey: registrationQuery(client, registration.id).queryKey });
      await queryClient.invalidateQueries({ queryKey: registrationsQuery(client).queryKey });
    },
  });
  return (
    <>
      <Button variant="outline" color="red" onClick={open}>
        Delete here
      </Button>
      <ConfirmDialog
        opened={opened}
        title="Delete this registration from the hub?"
        confirm="Delete it here"
        pending={remove.isPending || usage.isPending}
        error={remove.error ?? usage.error}
        onConfirm={() => remove.mutate()}
        onClose={() => {
          remove.reset();
          close();
        }}
      >
        The hub forgets <b>{registration.name}</b> and its secret. The application stays in Microsoft Entra
        ID; to delete it there, choose Undo instead.
        <RegistrationUsageNotice
          usage={usage.data}
          leaves={leaves}
          onLeavesChange={setLeaves}
          onTakenBack={() => void usage.refetch()}
        />
      </ConfirmDialog>
    </>
  );
}
