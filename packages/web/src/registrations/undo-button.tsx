import type { Registration } from '@latchkey/client';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { ConfirmDialog } from '../shell/confirm-dialog.tsx';
import { registrationUsageQuery } from './registration-queries.ts';
import { RegistrationUsageNotice } from './registration-usage-notice.tsx';
import { useRegistrationAction } from './use-registration-action.ts';

/** Deletes what the registration made in Entra ID, after telling who would stop, and asking. */
export function UndoButton({ registration }: { registration: Registration }) {
  const [opened, { open, close }] = useDisclosure(false);
  const [leaves, setLeaves] = useState(false);
  const usage = useQuery({ ...registrationUsageQuery(useHubClient(), registration.id), enabled: opened });
  const undo = useRegistrationAction((client) =>
    client.registrations.undo(registration.id, {
      force: true,
      ...(leaves && { applicationUsers: 'leave' }),
    }),
  );
  return (
    <>
      <Button variant="default" onClick={open}>
        Undo
      </Button>
      <ConfirmDialog
        opened={opened}
        title="Undo this registration?"
        confirm="Delete the app"
        pending={undo.isPending || usage.isPending}
        error={undo.error ?? usage.error}
        onConfirm={() => undo.mutate(undefined, { onSuccess: close })}
        onClose={() => {
          undo.reset();
          close();
        }}
      >
        The app <b>{registration.nameInEntra ?? registration.name}</b>, its consent and its secret are deleted
        from Microsoft Entra ID.
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
