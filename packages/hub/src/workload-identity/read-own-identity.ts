import { decodeJwt, errors } from 'jose';
import { HubError } from '../errors/hub-error.ts';
import { readText } from '../ground/outside-values.ts';
import type { WorkloadIdentity } from './workload-identity.ts';

/** Who the hub is on its platform, as a federated identity credential has to say it: letter by letter. */
export interface OwnIdentity {
  issuer: string;
  subject: string;
  audience: string;
}

/** How Entra ID's own tokens name the audience that they were asked for as `api://AzureADTokenExchange`. */
const exchangeAppId = 'fb60f99c-7a34-4190-8149-302f77469936';
const exchangeAudience = 'api://AzureADTokenExchange';

/**
 * Reads out of a token of the platform's who the hub is there, so that nobody has to type it.
 *
 * @throws HubError `workload_identity_missing`; `workload_token_unavailable` when there is no token, or one that says
 *   nothing of it
 */
export async function readOwnIdentity({
  workloadIdentity,
}: {
  workloadIdentity: WorkloadIdentity | null;
}): Promise<OwnIdentity> {
  if (!workloadIdentity) throw new HubError('workload_identity_missing');
  const claims = decode(await workloadIdentity.readToken());
  const [issuer, subject] = [readText(claims?.iss), readText(claims?.sub)];
  const audience = readText([claims?.aud].flat()[0]);
  if (issuer === null || subject === null || audience === null) {
    throw new HubError('workload_token_unavailable', {
      detail: 'The platform’s token is no JWT that names issuer, subject and audience.',
    });
  }
  return { issuer, subject, audience: audience === exchangeAppId ? exchangeAudience : audience };
}

function decode(token: string) {
  try {
    return decodeJwt(token);
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return null;
    throw error;
  }
}
