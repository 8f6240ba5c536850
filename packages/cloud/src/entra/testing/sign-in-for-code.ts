import { seededUsers } from '../../directory/seed-contoso.ts';
import {
  authorizeUrl,
  crmOrigin,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  type TokenAnswer,
  testRedirectUri,
} from './open-test-entra.ts';
import { hasElement } from './scripted-browser.ts';

export const crmScope = `${crmOrigin}/user_impersonation openid profile offline_access`;

/** Signs in with a browser of its own, consents where asked, and gives the code. */
export async function signInForCode(
  entra: TestEntra,
  { clientId }: TestApp,
  {
    version = 2,
    user = seededUsers.administrator,
    parameters = {},
  }: { version?: 1 | 2; user?: string; parameters?: Record<string, string> } = {},
): Promise<string> {
  const asked: Record<string, string> = version === 1 ? { resource: crmOrigin } : { scope: crmScope };
  const url = authorizeUrl(entra, version, {
    client_id: clientId,
    redirect_uri: testRedirectUri,
    ...asked,
    ...parameters,
  });
  const shown = await signIn(await entra.browser().open(url), user);
  return sentParameter(hasElement(shown, 'idBtn_Back') ? await shown.submit() : shown, 'code');
}

/** Redeems a code with the app's secret. */
export function redeemCode(
  entra: TestEntra,
  { clientId, secret }: TestApp,
  code: string,
  changes: Record<string, string> = {},
  version: 1 | 2 = 2,
): Promise<TokenAnswer> {
  return entra.post(tokenPath(version), {
    grant_type: 'authorization_code',
    client_id: clientId,
    client_secret: secret,
    redirect_uri: testRedirectUri,
    code,
    ...changes,
  });
}

/** Redeems a refresh token with the app's secret. */
export function refresh(
  entra: TestEntra,
  { clientId, secret }: TestApp,
  refreshToken: unknown,
  changes: Record<string, string> = {},
  version: 1 | 2 = 2,
): Promise<TokenAnswer> {
  return entra.post(tokenPath(version), {
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: secret,
    refresh_token: String(refreshToken),
    ...changes,
  });
}

function tokenPath(version: 1 | 2): string {
  return version === 1 ? '/oauth2/token' : '/oauth2/v2.0/token';
}
