import { aadsts } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { ResolvedScope } from './resolve-scope.ts';

/**
 * An app that is its own API has to say so by its GUID at v1, and where a refresh leaves the API to what was asked
 * before.
 *
 * @throws EntraError 90009
 */
export function refuseTokenForItself(
  { appId }: Pick<Application, 'appId'>,
  { resource, written }: ResolvedScope,
): void {
  if (written.length === 0 || resource.appId !== appId || resource.audience.toLowerCase() === appId) return;
  throw new EntraError(aadsts.tokenForItself, { appId });
}
