import type { Registration } from '@latchkey/client';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ConfirmDialog } from '../shell/confirm-dialog.tsx';
import { useRegistrationAction } from './use-registration-action.ts';

/** Deletes what the registration made in Entra ID, after asking. */
export function UndoButton({ registration }: { registration: Registration }) {
  const [opened, { open, close }] = useDisclosure(false);
  const undo = useRegistrationAction((client) => client.registrations.undo(registration.id));
  return (
    <>
      <Button variant="default" onClick={open}>
        Undo
      </Button>
      <ConfirmDialog
        opened={opened}
        title="Undo this registration?"
        confirm="Delete the app"
        pending={undo.isPending}
        error={undo.error}
        onConfirm={() => undo.mutate(undefined, { onSuccess: close })}
        onClose={() => {
          undo.reset();
          close();
        }}
      >
        The app <b>{registration.name}</b>, its consent and its secret are deleted from Microsoft Entra ID.
        Connections that sign in with it stop working.
      </ConfirmDialog>
    </>
  );
}
