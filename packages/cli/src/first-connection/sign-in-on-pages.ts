import type { HTMLElement } from 'node-html-parser';
import type { Page, PageBrowser } from './page-browser.ts';

/** Element ids of Microsoft's sign-in pages, which scripts for the real pages use, too. */
const elements = { name: 'i0116', password: 'i0118', next: 'idSIButton9', another: 'otherTile' } as const;
/** What names the account of a tile on the page "Pick an account". */
const tileName = 'data-test-id';

const mostPages = 10;

/**
 * Goes through the sign-in pages as a person does: "Pick an account", name, password, "Stay signed in?" (yes),
 * "Permissions requested" (accepted), until the browser has left the sign-in service.
 *
 * @param link what the person opens first
 * @returns the page where they end up
 * @throws Error with the page's own message when the sign-in does not go on
 */
export async function signInOnPages(
  browser: PageBrowser,
  { link, userName, password }: { link: string; userName: string; password: string },
): Promise<Page> {
  let page = await browser.open(link);
  for (let count = 0; count < mostPages; count += 1) {
    const tile = findTile(page, userName);
    if (tile) {
      page = await browser.submit(page, {
        [tile.getAttribute('name') ?? '']: tile.getAttribute('value') ?? '',
      });
      continue;
    }
    const nameField = page.document.querySelector(`#${elements.name}`);
    const passwordField = page.document.querySelector(`#${elements.password}`);
    const button = page.document.querySelector(`#${elements.next}`);
    if (!button) return page;
    const fields: Record<string, string> = {};
    const nameOfName =
      nameField?.getAttribute('type') === 'hidden' ? undefined : nameField?.getAttribute('name');
    if (nameOfName) fields[nameOfName] = userName;
    const nameOfPassword = passwordField?.getAttribute('name');
    if (nameOfPassword) fields[nameOfPassword] = password;
    page = await browser.submit(page, fields, elements.next);
    const alert = page.document.querySelector('[role=alert]')?.text.trim();
    if (alert) throw new Error(`The sign-in page says: ${alert}`);
  }
  throw new Error(`The sign-in did not end after ${mostPages} pages.`);
}

/** The person's button on "Pick an account", or that of "Use another account". */
function findTile({ document }: Page, userName: string): HTMLElement | null {
  const own = document
    .querySelectorAll(`[${tileName}]`)
    .find((tile) => tile.getAttribute(tileName)?.toLowerCase() === userName.toLowerCase());
  return (own ?? document.querySelector(`#${elements.another}`))?.querySelector('button') ?? null;
}
