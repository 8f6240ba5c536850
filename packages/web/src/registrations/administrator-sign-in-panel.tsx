import type { Registration } from '@latchkey/client';
import { Button, Group, Stack } from '@mantine/core';
import { IconLogin2 } from '@tabler/icons-react';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { Panel } from '../shell/panel.tsx';
import { DeviceCode } from './device-code.tsx';
import { useRegistrationAction } from './use-registration-action.ts';

/** How the administrator signs in: on to Microsoft in this browser, or by a code in another. */
export function AdministratorSignInPanel({ registration }: { registration: Registration }) {
  const { id, signIn } = registration;
  // Always a fresh link or code: the one at hand may have aged while the page stood open.
  const start = useRegistrationAction((client, administratorSignIn: 'browser' | 'device_code') =>
    client.registrations.signIn(id, { administratorSignIn }),
  );
  const leave = () =>
    start.mutate('browser', {
      onSuccess: (answer) => {
        if (answer.signIn?.kind === 'browser') window.location.assign(answer.signIn.url);
      },
    });

  return (
    <Panel title="An administrator signs in" description={descriptionOf(registration)}>
      <Stack gap="md">
        {signIn?.kind === 'device_code' && <DeviceCode signIn={signIn} />}
        <Group gap="sm">
          <Button
            variant={signIn?.kind === 'device_code' ? 'default' : 'filled'}
            leftSection={<IconLogin2 size={16} aria-hidden />}
            loading={start.isPending && start.variables === 'browser'}
            onClick={leave}
          >
            Sign in as administrator
          </Button>
          <Button
            variant="default"
            loading={start.isPending && start.variables === 'device_code'}
            onClick={() => start.mutate('device_code')}
          >
            {signIn?.kind === 'device_code' ? 'Get a new code' : 'Use a device code'}
          </Button>
        </Group>
        {start.error !== null && <FailurePanel failure={failureOf(start.error)} announceReady />}
      </Stack>
    </Panel>
  );
}

const forgotten = 'The hub uses the sign-in for that only and keeps nothing of it.';
const managers = 'Application Administrator, Cloud Application Administrator or Global Administrator.';

/** Who may sign in, and for what. */
function descriptionOf({ task }: Registration): string {
  switch (task?.kind) {
    case 'automatic_rotation':
      return `Global Administrator or Privileged Role Administrator: the application is given a permission of Microsoft Graph. ${forgotten}`;
    case 'rotate':
      return `${managers} A new client secret, certificate or federated credential is made. ${forgotten}`;
    case 'repair':
      return `${managers} What is missing in Entra ID is put back. ${forgotten}`;
    case 'rename':
      return `${managers} The application gets the registration’s name. ${forgotten}`;
    case 'clean_up':
      return `${managers} What nothing uses any more is removed from the application. ${forgotten}`;
    default:
      return `${managers} The hub uses the sign-in for the steps below only and keeps nothing of it.`;
  }
}
