import { aadsts, wellKnownIds } from '@latchkey/microsoft';
import type { CloudContext } from '../../cloud-context.ts';
import { findEnvironmentByOrigin } from '../../environment-origins.ts';
import { EntraError } from '../errors/entra-error.ts';
import { parseScope } from './parse-scope.ts';

/**
 * Personal accounts have no Dynamics 365, so nothing of it can be asked for below `/consumers`.
 *
 * @throws EntraError 90124
 */
export function refuseWorkApis(
  context: Pick<CloudContext, 'directory' | 'addresses'>,
  application: { appId: string; displayName: string },
  scope: string,
): void {
  for (const { resource } of parseScope(scope).scopes) {
    const name = resource.toLowerCase().replace(/\/$/, '');
    if (name !== wellKnownIds.dynamicsCrm && !findEnvironmentByOrigin(context, name)) continue;
    throw new EntraError(aadsts.resourceNotForCommonOrConsumers, {
      appId: application.appId,
      name: application.displayName,
      resource,
    });
  }
}
