import { elements, type Person, type SignInOptions, type SignInPage } from './sign-in-page.ts';

/** What to do on the page that is shown; it ends with a click that leads to the next page. */
export type Answer = () => Promise<void>;

const usualOneTimeCode = '123456';

/**
 * Finds out what the page asks, by what it shows, and how the person answers.
 *
 * @throws Error with the page's own words where it leads nowhere
 */
export async function answerPage(page: SignInPage, person: Person, options: SignInOptions): Promise<Answer> {
  const isShown = (selector: string) => page.locator(selector).first().isVisible();
  const press = (selector: string) => page.locator(selector).first().click();
  const fill = (selector: string, text: string) => page.locator(selector).fill(text);
  const next = () => press(elements.next);
  const back = () => press(elements.back);

  if (await isShown(elements.failure)) {
    throw new Error(`The sign-in failed: ${await page.locator(elements.failure).innerText()}`);
  }
  if (await isShown(elements.name)) {
    return async () => {
      await fill(elements.name, person.userPrincipalName);
      await next();
    };
  }
  if (await isShown(elements.newPassword)) {
    const { newPassword } = person;
    if (newPassword === undefined) throw new Error('The page asks for a new password: give newPassword.');
    return async () => {
      await fill(elements.currentPassword, person.password);
      await fill(elements.newPassword, newPassword);
      await fill(elements.confirmPassword, newPassword);
      await next();
    };
  }
  if (await isShown(elements.password)) {
    if (!(await isAskedOf(page, person))) return back;
    return async () => {
      await fill(elements.password, person.password);
      await next();
    };
  }
  if (await isShown(elements.oneTimeCode)) {
    return async () => {
      await fill(elements.oneTimeCode, person.oneTimeCode ?? usualOneTimeCode);
      await press(elements.verify);
    };
  }
  if (await isShown(elements.staySignedIn)) return options.staySignedIn === false ? back : next;
  if (await isShown(elements.otherAccount)) {
    const tile = `button:has-text(${JSON.stringify(person.userPrincipalName)})`;
    return async () => press((await isShown(tile)) ? tile : elements.otherAccount);
  }
  if (options.consent === 'cancel') return back;
  if ((await isShown(elements.approvalReason)) || !(await isShown(elements.next))) {
    throw new Error(
      `The sign-in goes no further: "${await page.locator('h1, [role="heading"]').first().innerText()}".`,
    );
  }
  if (options.consent === 'accept_for_organization' && (await isShown(elements.forOrganization))) {
    return async () => {
      await page.locator(elements.forOrganization).check();
      await next();
    };
  }
  return next;
}

/** A page may ask for the password of another person, whom the app named or who signed in before. */
async function isAskedOf(page: SignInPage, { userPrincipalName }: Person): Promise<boolean> {
  const identity = page.locator(elements.identity).first();
  if (!(await identity.isVisible())) return true;
  return (await identity.innerText()).trim().toLowerCase() === userPrincipalName.toLowerCase();
}
