import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type LocalCloud, seededPassword, seededUsers } from '@latchkey/cloud';

/** Changes policies of Contoso in the portal, as its administrator does. @param changes by the names of the form's fields */
export async function setPolicies(cloud: LocalCloud, changes: Record<string, string>): Promise<void> {
  const browser = createPageBrowser();
  const link = `${cloud.portal.http}/policies`;
  await signInOnPages(browser, { link, userName: seededUsers.administrator, password: seededPassword });
  const page = await browser.open(link);
  const form = page.document.querySelector('form.card');
  if (!form?.parentNode) throw new Error(`The page at ${page.url.href} has no policies.`);
  const fields: Record<string, string> = {};
  for (const field of form.querySelectorAll('select, input:not([type=hidden])')) {
    const chosen = field.tagName === 'SELECT' ? field.querySelector('option[selected]') : field;
    fields[field.getAttribute('name') ?? ''] = chosen?.getAttribute('value') ?? '';
  }
  const saved = await browser.submit({ ...page, document: form.parentNode }, { ...fields, ...changes });
  if (saved.url.searchParams.get('done') !== 'saved') {
    throw new Error(`The portal says: ${saved.document.querySelector('[role=alert]')?.text.trim()}`);
  }
}
