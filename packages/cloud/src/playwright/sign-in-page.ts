/**
 * As much of Playwright's `Page` as signing in takes. The pages of `@playwright/test`, `playwright` and
 * `playwright-core` fit, so that none of them has to be installed for the rest of this package.
 */
export interface SignInPage {
  url(): string;
  isClosed(): boolean;
  locator(selector: string): SignInLocator;
  waitForEvent(event: 'domcontentloaded', options?: { timeout?: number }): Promise<unknown>;
  waitForLoadState(state: 'domcontentloaded', options?: { timeout?: number }): Promise<void>;
}

interface SignInLocator {
  first(): SignInLocator;
  isVisible(): Promise<boolean>;
  innerText(): Promise<string>;
  fill(text: string): Promise<void>;
  check(): Promise<void>;
  click(): Promise<void>;
  waitFor(options: { state: 'visible'; timeout: number }): Promise<void>;
}

/** Who signs in. `LocalCloud.users` has such people. */
export interface Person {
  userPrincipalName: string;
  password: string;
  /** Of who needs a second factor; 123456 unless the seed says otherwise. */
  oneTimeCode?: string;
  /** For "Update your password". */
  newPassword?: string;
}

export interface SignInOptions {
  /** What is answered to "Permissions requested": `accept` when left out. */
  consent?: 'accept' | 'accept_for_organization' | 'cancel';
  /** What is answered to "Stay signed in?": yes when left out. */
  staySignedIn?: boolean;
  /** How long each page may take; 30,000 when left out. */
  timeoutMilliseconds?: number;
}

/** Elements of Microsoft's sign-in pages, by the ids that scripts for the real pages use. */
export const elements = {
  name: '#i0116',
  password: '#i0118',
  next: '#idSIButton9',
  back: '#idBtn_Back',
  newPassword: '#newPassword',
  currentPassword: '#currentPassword',
  confirmPassword: '#confirmNewPassword',
  oneTimeCode: '#idTxtBx_SAOTCC_OTC',
  verify: '#idSubmit_SAOTCC_Continue',
  staySignedIn: '#KmsiCheckboxField',
  otherAccount: '#otherTile',
  forOrganization: '#orgConsent',
  /** "Enter justification for requesting this app", where an administrator has to approve it. */
  approvalReason: '#reason',
  identity: '#displayName, .identity',
  alert: '[role="alert"]',
  failure: '#exceptionMessage',
  /** "You have signed in … on your device." */
  deviceDone: '#message',
} as const;
