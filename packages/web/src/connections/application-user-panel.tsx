import type { ApplicationUser, ApplicationUserStep, Connection } from '@latchkey/client';
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconLogin2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { Panel } from '../shell/panel.tsx';
import { type Step, StepList } from '../steps/step-list.tsx';
import { applicationUserQuery, useApplicationUserAction } from './application-user-queries.ts';
import { RoleChoice } from './role-choice.tsx';

/** Lets the app into the environment as itself: an administrator signs in, roles are picked, the hub does the rest. */
export function ApplicationUserPanel({ connection }: { connection: Connection }) {
  const { id } = connection;
  const user = useQuery(applicationUserQuery(useHubClient(), id));
  const begin = useApplicationUserAction(id, (client) => client.applicationUsers.begin(id));
  const retry = useApplicationUserAction(id, (client) => client.applicationUsers.retry(id));
  const undo = useApplicationUserAction(id, (client) => client.applicationUsers.undo(id));
  const error = user.error ?? begin.error ?? retry.error ?? undo.error;
  const present = user.data ?? null;
  const leave = (answer: ApplicationUser) => {
    if (answer.signIn !== null) window.location.assign(answer.signIn.url);
  };
  // Somebody has let it in already, by hand.
  if (present === null && (user.isPending || connection.status.state === 'ready')) return null;
  const isPending = begin.isPending || retry.isPending || undo.isPending;
  const goesOn = present !== null && (present.state === 'failed' || waits(present));
  const isSettled = present === null || present.state === 'ready' || present.state === 'undone';

  return (
    <Panel
      title="Connect as the app itself"
      description="The environment lets an app in by an application user with security roles. An administrator of the environment signs in once, and the hub makes it."
    >
      <Stack gap="md">
        {present?.state === 'choosing_roles' && present.availableRoles !== null && (
          <RoleChoice connectionId={id} available={present.availableRoles} />
        )}
        {present !== null && present.state !== 'undone' && (
          <StepList label="Steps of the application user" steps={present.steps.map(describeStep)} />
        )}
        {present?.state === 'undone' && <Text size="sm">It was undone: the app is no longer let in.</Text>}
        {error !== null && <FailurePanel failure={failureOf(error)} announceReady />}
        <Group gap="sm">
          {isSettled && (
            <Button
              variant={present?.state === 'ready' ? 'default' : 'filled'}
              leftSection={<IconLogin2 size={16} aria-hidden />}
              loading={isPending}
              onClick={() => begin.mutate(undefined, { onSuccess: leave })}
            >
              {present?.state === 'ready' ? 'Choose other roles' : 'Sign in as administrator'}
            </Button>
          )}
          {goesOn && (
            <Button
              leftSection={<IconLogin2 size={16} aria-hidden />}
              loading={isPending}
              onClick={() => retry.mutate(undefined, { onSuccess: leave })}
            >
              {present.signIn === null && !waits(present) ? 'Try again' : 'Sign in as administrator'}
            </Button>
          )}
          {present !== null && present.state !== 'undone' && present.state !== 'undoing' && (
            <Button
              variant="default"
              loading={undo.isPending}
              onClick={() => undo.mutate(undefined, { onSuccess: leave })}
            >
              Undo
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  );
}

function waits({ state, signIn }: ApplicationUser): boolean {
  return state === 'awaiting_sign_in' || (state === 'undoing' && signIn !== null);
}

const words: Record<ApplicationUserStep['state'], string> = {
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  undone: 'Undone',
};

function describeStep({ name, title, state, detail, failure }: ApplicationUserStep): Step {
  return { name, title, verdict: state, word: words[state], detail, durationMs: null, failure };
}
