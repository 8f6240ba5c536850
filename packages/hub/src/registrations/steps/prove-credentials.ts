import type { ProviderContext } from '../../providers/provider.ts';
import { type AppCredentials, requestOwnToken } from '../own-token.ts';
import type { StepResult } from './step-result.ts';

/**
 * Proves tenant, client id and credential by a token for the application itself.
 *
 * @throws HubError with Microsoft's refusal: AADSTS7000215, AADSTS700016, AADSTS90002, …
 */
export async function proveCredentials(
  context: ProviderContext,
  credentials: AppCredentials,
): Promise<StepResult> {
  await requestOwnToken(context, credentials);
  return { detail: 'Microsoft Entra ID issued a token for the application', values: {} };
}
