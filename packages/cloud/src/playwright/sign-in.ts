import { seededPassword } from '../directory/seed-contoso.ts';
import { answerPage } from './answer-page.ts';
import { elements, type Person, type SignInOptions, type SignInPage } from './sign-in-page.ts';

export type { Person, SignInOptions, SignInPage } from './sign-in-page.ts';

const usualTimeoutMilliseconds = 30_000;
const lookAgainMilliseconds = 250;
const mostPages = 20;
/** Any of these shows that a page waits for an answer. */
const anyQuestion = [
  elements.name,
  elements.password,
  elements.oneTimeCode,
  elements.next,
  elements.back,
  elements.otherAccount,
  elements.failure,
].join(', ');

/**
 * Signs a person in on Microsoft's sign-in pages, which the browser must be on or on its way to: account picker, name,
 * password, one-time code, new password, "Stay signed in?" and consent, each as it comes, until the browser has left
 * the sign-in service, its window has closed, or a device was let in.
 *
 * @param page a page of Playwright
 * @param user a person, or the sign-in name of one with the usual password of seeds
 * @throws Error with the page's own words when the sign-in does not go on, e.g. for a wrong password
 */
export async function signIn(
  page: SignInPage,
  user: string | Person,
  options: SignInOptions = {},
): Promise<void> {
  const person = typeof user === 'string' ? { userPrincipalName: user, password: seededPassword } : user;
  const timeout = options.timeoutMilliseconds ?? usualTimeoutMilliseconds;
  await page.locator(anyQuestion).first().waitFor({ state: 'visible', timeout });
  const { origin } = new URL(page.url());
  for (let count = 0; count < mostPages; count += 1) {
    const answer = await answerPage(page, person, options);
    await Promise.all([nextDocument(page, timeout), answer()]);
    if (!(await isAsked(page, { origin, timeout }))) return;
    const alert = page.locator(elements.alert).first();
    if (await alert.isVisible()) throw new Error(`The sign-in page says: ${await alert.innerText()}`);
  }
  throw new Error(`The sign-in did not end after ${mostPages} pages.`);
}

/** Waits for the document that a click leads to; a window that closes instead has come to its end, too. */
async function nextDocument(page: SignInPage, timeout: number): Promise<void> {
  try {
    await page.waitForEvent('domcontentloaded', { timeout });
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}

/** Waits until the page asks something or is left. Between them may be one that only passes the browser on. */
async function isAsked(
  page: SignInPage,
  { origin, timeout }: { origin: string; timeout: number },
): Promise<boolean> {
  for (let waited = 0; waited < timeout; waited += lookAgainMilliseconds) {
    if (page.isClosed()) return false;
    if (new URL(page.url()).origin !== origin) {
      await page.waitForLoadState('domcontentloaded', { timeout });
      return false;
    }
    if (await page.locator(elements.deviceDone).isVisible()) return false;
    const question = page.locator(anyQuestion).first();
    const hasCome = await question.waitFor({ state: 'visible', timeout: lookAgainMilliseconds }).then(
      () => true,
      () => false,
    );
    if (hasCome && !page.isClosed() && new URL(page.url()).origin === origin) return true;
  }
  throw new Error(`The sign-in stopped at ${origin}, on a page that asks nothing.`);
}
