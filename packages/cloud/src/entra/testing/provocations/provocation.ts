import { seededUsers } from '../../../directory/seed-contoso.ts';
import type { UserConditions } from '../../../directory/user-conditions.ts';
import { findUserByName, setUserConditions, type User } from '../../../directory/users.ts';
import {
  authorizeUrl,
  crmOrigin,
  signIn,
  type TestApp,
  type TestEntra,
  type TokenAnswer,
  testRedirectUri,
} from '../open-test-entra.ts';
import { hasElement, type Shown } from '../scripted-browser.ts';
import { crmScope } from '../sign-in-for-code.ts';

/** A refusal as a client or a person meets it. */
export interface Refusal {
  code: number;
  delivery: 'token' | 'redirect' | 'page';
  /** HTTP status. */
  status: number;
  error: string | undefined;
  suberror: string | undefined;
}

/** One way to meet an AADSTS code here. */
export interface Provocation {
  code: number;
  /** What to do, for the documentation: a sentence that tells the reader. */
  how: string;
  /** The OAuth `error`, where it differs from the code's usual one. */
  error?: string;
  provoke(entra: TestEntra): Promise<Refusal>;
}

export const v1Token = '/oauth2/token';
export const v2Token = '/oauth2/v2.0/token';

export function readAnswer({ status, json }: TokenAnswer): Refusal {
  const codes: readonly unknown[] = Array.isArray(json.error_codes) ? json.error_codes : [];
  const [code] = codes;
  return {
    code: Number(code),
    delivery: 'token',
    status,
    error: typeof json.error === 'string' ? json.error : undefined,
    suberror: typeof json.suberror === 'string' ? json.suberror : undefined,
  };
}

export function readShown({ status, html, location }: Shown): Refusal {
  const answer = location && new URLSearchParams(location.hash ? location.hash.slice(1) : location.search);
  const text = answer?.get('error_description') ?? html;
  return {
    code: Number(/AADSTS(\d+)/.exec(text)?.[1] ?? /Error Code: (\d+)/.exec(text)?.[1]),
    delivery: answer ? 'redirect' : 'page',
    status,
    error: answer?.get('error') ?? undefined,
    suberror: answer?.get('suberror') ?? undefined,
  };
}

/** Asks for an app's own token; what is changed provokes. */
export async function askAppToken(
  entra: TestEntra,
  changes: Record<string, string> = {},
  { app = entra.createApp(), path = v2Token }: { app?: TestApp; path?: string } = {},
): Promise<Refusal> {
  const answer = await entra.post(path, {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    ...(path.endsWith(v2Token) ? { scope: `${crmOrigin}/.default` } : { resource: crmOrigin }),
    ...changes,
  });
  return readAnswer(answer);
}

/** Opens an authorize endpoint as an app would, without signing in. */
export function openAuthorize(
  entra: TestEntra,
  app: TestApp,
  changes: Record<string, string> = {},
  { version = 2, tenant, browser = entra.browser() }: Partial<AuthorizeOptions> = {},
): Promise<Shown> {
  const parameters = {
    client_id: app.clientId,
    redirect_uri: testRedirectUri,
    ...(version === 2 ? { scope: crmScope } : { resource: crmOrigin }),
    ...changes,
  };
  return browser.open(authorizeUrl(entra, version, parameters, tenant));
}

interface AuthorizeOptions {
  version: 1 | 2;
  tenant: string;
  browser: ReturnType<TestEntra['browser']>;
}

/** Signs in as the salesperson and accepts what is asked, as far as it goes. */
export async function signInAsSalesperson(page: Shown): Promise<Shown> {
  const shown = await signIn(page, seededUsers.salesperson);
  return hasElement(shown, 'idBtn_Back') && hasElement(shown, 'idSIButton9') ? shown.submit() : shown;
}

export function salesperson(entra: TestEntra): User {
  const user = findUserByName(entra.context.directory, seededUsers.salesperson);
  if (!user) throw new Error('The seed has no salesperson.');
  return user;
}

export function putCondition(entra: TestEntra, changes: Partial<UserConditions>): void {
  setUserConditions(entra.context.directory, salesperson(entra), changes);
}
