import type { HubConfig } from '../config/config.ts';

/** Where Microsoft sends the person back to. */
export const callbackPath = '/oauth/callback';

/** @returns the redirect URI to register with Microsoft */
export function redirectUriOf(config: Pick<HubConfig, 'publicUrl'>): string {
  return `${config.publicUrl}${callbackPath}`;
}
