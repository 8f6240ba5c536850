import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { wellKnownIds } from '@latchkey/microsoft';
import { portalPaths } from '../../directory/first-party/first-party-applications.ts';

/** Who signs in at the portal belongs to a directory: personal accounts have none here. */
export const signInAuthority = 'organizations';
const graphScope = 'https://graph.microsoft.com/.default';

/**
 * A sign-in under way is kept in the browser alone: from a random cookie come the code verifier (RFC 7636) and the
 * key that signs `state`, so any number of tabs sign in side by side and nothing is stored.
 */
export function codeVerifierOf(cookie: string): string {
  return createHash('sha256').update(`verifier:${cookie}`).digest('base64url');
}

/** `state`: the page to go on with, signed for this browser. */
export function makeState(cookie: string, returnPath: string): string {
  return `${sign(cookie, returnPath)}.${Buffer.from(returnPath).toString('base64url')}`;
}

/** The page to go on with, or undefined when the state was not made for this browser. */
export function readState(cookie: string, state: string): string | undefined {
  const [signature = '', path = ''] = state.split('.');
  const returnPath = Buffer.from(path, 'base64url').toString('utf8');
  const expected = Buffer.from(sign(cookie, returnPath));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? returnPath : undefined;
}

/** A page of the portal itself, whatever was asked for; another site's address leads home. */
export function safeReturnPath(path: string): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/';
}

/**
 * The address of Entra ID's authorize endpoint for a sign-in to the portal.
 *
 * @param directory id of the tenant that the person wants to go to; then they are asked who they are there
 */
export function authorizeAddress({
  entraOrigin,
  portalOrigin,
  cookie,
  returnPath,
  directory,
}: {
  entraOrigin: string;
  portalOrigin: string;
  cookie: string;
  returnPath: string;
  directory?: string | undefined;
}): string {
  const parameters = new URLSearchParams({
    client_id: wellKnownIds.azurePortal,
    response_type: 'code',
    redirect_uri: portalOrigin + portalPaths.signedIn,
    scope: graphScope,
    state: makeState(cookie, returnPath),
    code_challenge: createHash('sha256').update(codeVerifierOf(cookie)).digest('base64url'),
    code_challenge_method: 'S256',
    ...(directory !== undefined && { prompt: 'select_account' }),
  });
  return `${entraOrigin}/${directory ?? signInAuthority}/oauth2/v2.0/authorize?${parameters.toString()}`;
}

function sign(cookie: string, returnPath: string): string {
  return createHmac('sha256', cookie).update(`state:${returnPath}`).digest('base64url');
}
