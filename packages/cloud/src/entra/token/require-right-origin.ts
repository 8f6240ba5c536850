import { aadsts } from '@latchkey/microsoft';
import type { RedirectPlatform } from '../../directory/match-redirect-uri.ts';
import { EntraError } from '../errors/entra-error.ts';

/**
 * Single page apps redeem from the browser and nobody else does.
 *
 * @throws EntraError 9002327 a single page app's grant without `Origin`, 9002326 another's with one
 */
export function requireRightOrigin(platform: RedirectPlatform, origin: string | undefined): void {
  if (platform === 'spa' && origin === undefined) throw new EntraError(aadsts.crossOriginRedemptionRequired);
  if (platform !== 'spa' && origin !== undefined)
    throw new EntraError(aadsts.crossOriginRedemptionRefused, { origin });
}
