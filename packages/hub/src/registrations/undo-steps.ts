import type { RegistrationStepName } from '@latchkey/api';
import { notFound } from '../ground/http-status.ts';
import { noLease } from '../store/lease.ts';
import { openAdministratorToken } from './administrator-token.ts';
import { changeRegistration } from './change-registration.ts';
import { noAdministratorToken, noClientSecret } from './cleared-columns.ts';
import { createGraphClient, type GraphClient } from './graph-client.ts';
import { GraphError } from './graph-error.ts';
import type { RegistrationRun } from './registration-lease.ts';
import { readSteps } from './registration-steps.ts';
import { runStep, type StepOperation } from './run-step.ts';
import { findApplication } from './steps/create-application.ts';
import type { StepResult } from './steps/step-result.ts';

/** What ends along with the application. */
const endsWithApplication: ReadonlySet<RegistrationStepName> = new Set([
  'permissions',
  'service_principal',
  'client_secret',
  'client_certificate',
  'federated_credential',
  'automatic_rotation',
  'proof',
]);

/** Takes back what the registration made in Entra ID: the grant, then the application. What is gone already is fine. */
export async function undoSteps(run: RegistrationRun): Promise<void> {
  const { context } = run;
  const graph = () => createGraphClient(context, openAdministratorToken(context, run.row));
  const operations: StepOperation[] = [
    { name: 'consent', outcome: 'undone', operate: () => withdrawConsent(graph(), run.row.grant_id) },
    { name: 'application', outcome: 'undone', operate: () => deleteApplication(graph(), run) },
  ];
  for (const operation of operations) {
    const state = readSteps(run.row).find(({ name }) => name === operation.name)?.state;
    if (state === 'undone') continue;
    if (!(await runStep(run, operation))) return;
  }
  const steps = readSteps(run.row).map((step) =>
    endsWithApplication.has(step.name) && step.state !== 'waiting'
      ? { ...step, state: 'undone' as const, detail: 'Gone with the application', failure: null }
      : step,
  );
  run.row = await changeRegistration(context, run.row, {
    state: 'undone',
    steps: JSON.stringify(steps),
    service_principal_id: null,
    ...noClientSecret,
    ...noAdministratorToken,
    ...noLease,
  });
}

async function withdrawConsent(graph: GraphClient, grantId: string | null): Promise<StepResult> {
  const values = { grant_id: null, admin_consent_granted: 0 };
  if (grantId === null) return { detail: 'There was no consent to withdraw', values };
  const wasThere = await deleteIfThere(graph, `/oauth2PermissionGrants/${encodeURIComponent(grantId)}`);
  return { detail: wasThere ? 'Consent withdrawn' : 'The consent was gone already', values };
}

/** Entra ID keeps a deleted application for 30 days, in which the portal can restore it. */
async function deleteApplication(graph: GraphClient, { row }: RegistrationRun): Promise<StepResult> {
  const values = { application_object_id: null };
  // Killed between making the application and writing it down: it is still found by its tag.
  const objectId = row.application_object_id ?? (await findApplication(graph, row))?.id;
  if (!objectId) return { detail: 'There was no application to delete', values };
  const wasThere = await deleteIfThere(graph, `/applications/${encodeURIComponent(objectId)}`);
  const detail = wasThere
    ? `Application ${row.client_id ?? objectId} deleted; the portal can restore it for 30 days`
    : 'The application was gone already';
  return { detail, values };
}

/** @returns whether it was there */
async function deleteIfThere(graph: GraphClient, path: string): Promise<boolean> {
  try {
    await graph.send('DELETE', path);
    return true;
  } catch (error) {
    if (error instanceof GraphError && error.status === notFound) return false;
    throw error;
  }
}
