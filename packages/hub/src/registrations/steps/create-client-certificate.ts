import { toIso } from '../../ground/clock.ts';
import { createId } from '../../ground/create-id.ts';
import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { putKeyCredential } from '../certificates/key-credentials.ts';
import { certificateColumns, makeRegistrationCertificate } from '../certificates/registration-certificate.ts';
import type { GraphClient } from '../graph-client.ts';
import { ownSecretName } from '../own-secret-name.ts';
import type { StepResult } from './step-result.ts';

type CertificateContext = Pick<HubContext, 'vault' | 'clock' | 'random'>;

/**
 * Makes the certificate and puts its public part into the application; the private key never leaves the vault. One that an
 * earlier try put there, and whose key was lost before it was stored, is replaced: it would stay valid unseen.
 */
export async function createClientCertificate(
  context: CertificateContext,
  graph: GraphClient,
  row: RegistrationRow,
  applicationObjectId: string,
): Promise<StepResult> {
  const made = await makeRegistrationCertificate(context, row);
  const keyId = createId(context.random);
  const displayName = ownSecretName(row.id);
  await putKeyCredential(graph, applicationObjectId, {
    keyId,
    displayName,
    certificate: made.certificate,
  });
  const values = certificateColumns(context, row.id, made, keyId);
  return { detail: describeCertificate(values), values };
}

/** Makes the certificate for an application that a person maintains, who uploads its public part. */
export async function createCertificateToUpload(
  context: Pick<HubContext, 'vault' | 'clock'>,
  row: RegistrationRow,
): Promise<StepResult> {
  const made = await makeRegistrationCertificate(context, row);
  const values = certificateColumns(context, row.id, made, null);
  return {
    detail: `${describeCertificate(values)}; download it and upload it to the application under “Certificates & secrets”`,
    values,
  };
}

function describeCertificate({
  client_secret_hint: thumbprint,
  client_secret_ends_at: endsAt,
}: ReturnType<typeof certificateColumns>): string {
  return `Thumbprint ${thumbprint}, ends ${toIso(endsAt)}`;
}
