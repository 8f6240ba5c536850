import { createPageBrowser } from '@latchkey/cli/page-browser';

const elements = { code: 'otc', name: 'i0116', password: 'i0118', next: 'idSIButton9' } as const;
const mostPages = 10;

/** Types a device code into Microsoft's page, signs in and accepts whatever is asked, as a person does. */
export async function approveDeviceCode(
  page: { address: string; userCode: string },
  person: { userName: string; password: string },
): Promise<void> {
  const values = {
    [elements.code]: page.userCode,
    [elements.name]: person.userName,
    [elements.password]: person.password,
  };
  const browser = createPageBrowser();
  let shown = await browser.open(page.address);
  for (let count = 0; count < mostPages; count += 1) {
    if (!shown.document.querySelector(`#${elements.next}`)) return;
    const fields: Record<string, string> = {};
    for (const [id, value] of Object.entries(values)) {
      const field = shown.document.querySelector(`#${id}`);
      const name = field?.getAttribute('name');
      if (name && field?.getAttribute('type') !== 'hidden') fields[name] = value;
    }
    shown = await browser.submit(shown, fields, elements.next);
    const alert = shown.document.querySelector('[role=alert]')?.text.trim();
    if (alert) throw new Error(`The page says: ${alert}`);
  }
  throw new Error(`The sign-in did not end after ${mostPages} pages.`);
}
