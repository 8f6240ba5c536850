import type { RegistrationStepName } from '@latchkey/api';
import { HubError, type HubErrorCode } from '../errors/hub-error.ts';
import { noLease } from '../store/lease.ts';
import { openCredentials } from '../tokens/registration-credentials.ts';
import { setUpAutomaticRotation } from './administrator-tasks/set-up-automatic-rotation.ts';
import { openAdministratorToken } from './administrator-token.ts';
import { changeAndWatch } from './change-registration.ts';
import { noAdministratorToken } from './cleared-columns.ts';
import { createGraphClient, type GraphClient } from './graph-client.ts';
import type { RegistrationRun } from './registration-lease.ts';
import { readSteps } from './registration-steps.ts';
import { runStep } from './run-step.ts';
import { createApplication } from './steps/create-application.ts';
import { createCertificateToUpload, createClientCertificate } from './steps/create-client-certificate.ts';
import { createClientSecret } from './steps/create-client-secret.ts';
import {
  createFederatedCredential,
  describeFederatedCredential,
} from './steps/create-federated-credential.ts';
import { createServicePrincipal } from './steps/create-service-principal.ts';
import { discoverTenant } from './steps/discover-tenant.ts';
import { type ApiResource, describeResource, findResource } from './steps/find-resource.ts';
import { grantConsent } from './steps/grant-consent.ts';
import { proveCredentials } from './steps/prove-credentials.ts';
import { readTenant } from './steps/read-tenant.ts';
import { requestPermissions } from './steps/request-permissions.ts';
import type { StepResult } from './steps/step-result.ts';

type Operations = Partial<Record<RegistrationStepName, () => Promise<StepResult>>>;

/** Does the steps that are not done yet, in their order, until all are done or one fails. */
export async function runSteps(run: RegistrationRun): Promise<void> {
  const operations = run.row.kind === 'created' ? stepsOfCreation(run) : stepsOfAdoption(run);
  for (const { name, state } of readSteps(run.row)) {
    const operate = operations[name];
    if (state === 'done' || !operate) continue;
    if (!(await runStep(run, { name, outcome: 'done', operate }))) return;
  }
  run.row = await changeAndWatch(run.context, run.row, {
    state: 'ready',
    ...noAdministratorToken,
    ...noLease,
  });
}

/** `sign_in` is done by the person; a run finds it done, or the token gone. */
function stepsOfCreation(run: RegistrationRun): Operations {
  const { context } = run;
  const { api } = context.provider;
  // Opened with the first call, so that a token that has ended is the failure of the step that needs it.
  const graph = () => createGraphClient(context, openAdministratorToken(context, run.row));
  let known: ApiResource | undefined;
  const resource = async () => {
    known ??= await findResource(graph(), api);
    return known;
  };
  return {
    tenant: () => readTenant(graph()),
    resource: async () => describeResource(api, await resource()),
    application: () => createApplication(graph(), run.row),
    permissions: async () =>
      requestPermissions(graph(), kept(run.row.application_object_id), await resource(), api),
    service_principal: () => createServicePrincipal(graph(), kept(run.row.client_id)),
    consent: async () => grantConsent(graph(), kept(run.row.service_principal_id), await resource(), api),
    client_secret: () => createClientSecret(context, graph(), run.row, kept(run.row.application_object_id)),
    client_certificate: () =>
      createClientCertificate(context, graph(), run.row, kept(run.row.application_object_id)),
    federated_credential: () =>
      createFederatedCredential(context, graph(), run.row, kept(run.row.application_object_id)),
    automatic_rotation: () => letRotate(context, graph(), run.row),
    proof: () => proveCredentials(context, openCredentials(context, run.row)),
  };
}

async function letRotate(
  context: RegistrationRun['context'],
  graph: GraphClient,
  row: RegistrationRun['row'],
): Promise<StepResult> {
  await setUpAutomaticRotation(context, graph, row);
  return { detail: 'Owner of itself, with Microsoft Graph Application.ReadWrite.OwnedBy', values: {} };
}

function stepsOfAdoption(run: RegistrationRun): Operations {
  const { context } = run;
  const isMadeHere = readSteps(run.row).some(
    ({ name }) => name === 'client_certificate' || name === 'federated_credential',
  );
  const prove = () => proveCredentials(context, openCredentials(context, run.row));
  return {
    tenant: () => discoverTenant(context, run.row.authority_tenant),
    client_certificate: () => createCertificateToUpload(context, run.row),
    federated_credential: () => describeFederatedCredential(context),
    ...(isMadeHere
      ? { proof: () => prove().catch(askForUpload) }
      : run.row.sealed_client_secret !== null && { proof: prove }),
  };
}

/** Until a person has put into the application what was made here, there is nothing wrong with it. */
function askForUpload(error: unknown): never {
  if (!(error instanceof HubError)) throw error;
  const advice = uploadAdvice[error.code];
  throw advice ? new HubError(error.code, { ...error.options, ...advice, cause: error }) : error;
}

const uploadAdvice: Partial<Record<HubErrorCode, { detail: string; remedy: string }>> = {
  client_certificate_refused: {
    detail: 'The certificate that the hub made is not in the application yet.',
    remedy:
      'Download the certificate, upload it to the application under “Certificates & secrets”, wait a minute, then try again.',
  },
  federated_credential_refused: {
    detail: 'The application does not trust the hub’s identity yet.',
    remedy:
      'Add a federated credential to the application under “Certificates & secrets”, with the issuer, subject and audience that the step before names; wait a minute, then try again.',
  },
};

/** What an earlier step wrote down. Its absence means that the order of the steps was broken. */
function kept(id: string | null): string {
  if (id === null) throw new Error('A step ran before the one that makes what it needs.');
  return id;
}
