import type { Registration } from '@latchkey/client';
import { Grid, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { LoadFailure } from '../failures/load-failure.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { ButtonLink } from '../shell/links.tsx';
import { Page } from '../shell/page.tsx';
import { PageSkeleton } from '../shell/page-skeleton.tsx';
import { Panel } from '../shell/panel.tsx';
import { StepList } from '../steps/step-list.tsx';
import { TimelinePanel } from '../timeline/timeline-panel.tsx';
import { AdministratorSignInPanel } from './administrator-sign-in-panel.tsx';
import { CheckPanel } from './check-panel.tsx';
import { describeRegistrationStep } from './describe-registration-state.ts';
import { GivenCredentialPanel } from './given-credential-panel.tsx';
import { NoApplicationPermissions } from './no-application-permissions.tsx';
import { RegistrationFacts } from './registration-facts.tsx';
import { registrationQuery } from './registration-queries.ts';
import { RegistrationStateBadge } from './registration-state-badge.tsx';
import { RenameOrDeletePanel } from './rename-or-delete-panel.tsx';
import { RetryButton } from './retry-button.tsx';
import { SecretUpkeepPanel } from './secret-upkeep-panel.tsx';
import { UndoButton } from './undo-button.tsx';

const route = getRouteApi('/signed-in/registrations/$registrationId');

/** One registration: its steps as they happen, and what it ended with. */
export function RegistrationPage() {
  const { registrationId } = route.useParams();
  const registration = useQuery(registrationQuery(useHubClient(), registrationId));
  if (registration.isPending) return <PageSkeleton />;
  if (registration.data === undefined) {
    return (
      <Page title="App registration">
        <LoadFailure error={registration.error} onRetry={() => void registration.refetch()} />
      </Page>
    );
  }
  return <LoadedRegistration registration={registration.data} />;
}

function LoadedRegistration({ registration }: { registration: Registration }) {
  const { id, name, state, steps, failure, task } = registration;
  const failedAtStep = steps.some((step) => step.failure !== null);
  return (
    <Page
      title={name}
      mark={<RegistrationStateBadge registration={registration} />}
      description="App registration in Microsoft Entra ID"
      actions={
        <Group gap="sm">
          {state === 'ready' && (
            <ButtonLink to="/connections/new" search={{ provider: 'dynamics-365', registration: id }}>
              Use it for a connection
            </ButtonLink>
          )}
          {state === 'failed' && <RetryButton registration={registration} />}
          {isUndoable(registration) && <UndoButton registration={registration} />}
        </Group>
      }
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="lg">
            {waitsForSignIn(registration) && <AdministratorSignInPanel registration={registration} />}
            {failure !== null && !failedAtStep && <FailurePanel failure={failure} />}
            {task !== null && task.failure !== null && <FailurePanel failure={task.failure} />}
            {state === 'ready' && <SecretUpkeepPanel registration={registration} />}
            {state === 'ready' && <CheckPanel registration={registration} />}
            <Panel title="Steps">
              <StepList label="Steps of the registration" steps={steps.map(describeRegistrationStep)} />
            </Panel>
            <TimelinePanel subject={{ kind: 'registrations', id }} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="lg">
            <RegistrationFacts registration={registration} />
            {takesCredential(registration) && <GivenCredentialPanel registration={registration} />}
            <NoApplicationPermissions />
            <RenameOrDeletePanel key={name} registration={registration} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

/** There is an application whose credential can be proven. */
function takesCredential({ kind, state, tenantId }: Registration): boolean {
  return state === 'ready' || (state === 'failed' && kind === 'adopted' && tenantId !== null);
}

/** Undoing takes an administrator, too, where the one of the registration has gone. */
function waitsForSignIn({ state, signIn, task }: Registration): boolean {
  const isAsked = state === 'undoing' || task?.state === 'awaiting_sign_in';
  return state === 'awaiting_sign_in' || (isAsked && signIn !== null);
}

/**
 * There is something in Entra ID that the hub made. An undoing that waits for a sign-in whose link has aged is begun
 * again by the same button.
 */
function isUndoable({ kind, state, signIn, applicationObjectId }: Registration): boolean {
  const isUnderWay = state === 'undone' || (state === 'undoing' && signIn !== null);
  return kind === 'created' && applicationObjectId !== null && !isUnderWay;
}
