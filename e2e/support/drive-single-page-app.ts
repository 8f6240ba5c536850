import type { Page } from '@playwright/test';

/** An account as `@azure/msal-browser` keeps it; handed back to it as it came. */
export interface SpaAccount {
  username: string;
  tenantId: string;
  idTokenClaims: Record<string, unknown>;
}

/** Of the library's `AuthenticationResult`, what tests look at. */
export interface SpaTokens {
  account: SpaAccount;
  accessToken: string;
  scopes: string[];
  fromCache: boolean;
}

/** An error of the library, as the page could hand it over. */
export interface SpaRefusal {
  /** Its class: `InteractionRequiredAuthError`, `ServerError`, `BrowserAuthError`… */
  type: string;
  code: string;
  subError: string;
  claims: string;
  message: string;
}

type Outcome<Value> = { value: Value; error?: never } | { value?: never; error: SpaRefusal };

/** Calls a method of the library in the page. @throws Error when the library refuses */
export async function callSpa<Value = SpaTokens>(
  page: Page,
  method: string,
  request?: object,
): Promise<Value> {
  return requireValue(await send<Value>(page, method, request));
}

/** What the library says against a call. @throws Error when it says nothing */
export async function refusalOfSpa(page: Page, method: string, request?: object): Promise<SpaRefusal> {
  const { error } = await send(page, method, request);
  if (error === undefined) throw new Error(`${method} was not refused.`);
  return error;
}

/** Calls a method that leaves the page, such as `loginRedirect`; what becomes of it is seen where the browser ends up. */
export async function leaveSpa(page: Page, method: string, request?: object): Promise<void> {
  await page.evaluate(`void ${expressionFor(method, request)}`);
}

/** The tokens that the page was opened with, after `loginRedirect`. */
export async function tokensOnArrival<Value = SpaTokens>(page: Page, address: string): Promise<Value> {
  await page.waitForURL(address);
  return requireValue(await page.evaluate<Outcome<Value>>('spa.arrival'));
}

/** Calls a method that opens a popup window, while somebody is busy in that window. */
export async function callSpaWithPopup<Value = SpaTokens>(
  page: Page,
  method: string,
  request: object,
  useWindow: (popup: Page) => Promise<void>,
): Promise<Value> {
  const [value] = await Promise.all([
    callSpa<Value>(page, method, request),
    page.waitForEvent('popup').then(useWindow),
  ]);
  return value;
}

function send<Value>(page: Page, method: string, request: object | undefined): Promise<Outcome<Value>> {
  return page.evaluate<Outcome<Value>>(expressionFor(method, request));
}

function expressionFor(method: string, request: object | undefined): string {
  return `spa.call(${JSON.stringify(method)}, ${JSON.stringify(request)})`;
}

function requireValue<Value>({ value, error }: Outcome<Value>): Value {
  if (error !== undefined) throw new Error(`${error.type} ${error.message}`);
  return value;
}
