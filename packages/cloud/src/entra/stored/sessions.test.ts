import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import {
  authorizeUrl,
  offeredAccounts,
  openTestEntra,
  pressTile,
  sentParameter,
  signIn,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import type { ScriptedBrowser, Shown } from '../testing/scripted-browser.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'entra-sessions-'));
  file = path.join(folder, 'directory.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

const { administrator, salesperson } = seededUsers;
let clientId: string;

function open(browser: ScriptedBrowser, entra: TestEntra, more: Record<string, string>): Promise<Shown> {
  const parameters = { client_id: clientId, redirect_uri: testRedirectUri, scope: 'openid', ...more };
  return browser.open(authorizeUrl(entra, 2, parameters));
}

/** Two people sign in; one of them signs out. */
async function useBrowser(): Promise<Map<string, string>> {
  const entra = await openTestEntra({ file });
  ({ clientId } = entra.createApp());
  const browser = entra.browser();
  for (const user of [administrator, salesperson]) {
    const consent = await signIn(await open(browser, entra, { login_hint: user }), user);
    await consent.submit();
  }
  await pressTile(await open(browser, entra, { prompt: 'select_account' }), salesperson, 'signout');
  await entra.close();
  return browser.cookies;
}

/** The same browser after a restart of the cloud. */
async function comeBack(
  cookies: Map<string, string>,
  look: (browser: ScriptedBrowser, entra: TestEntra) => Promise<void>,
): Promise<void> {
  const entra = await openTestEntra({ file });
  const browser = entra.browser();
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  await look(browser, entra);
  await entra.close();
}

it('accounts and their states outlive a restart', async () => {
  await comeBack(await useBrowser(), async (browser, entra) => {
    const picker = await open(browser, entra, { prompt: 'select_account' });
    expect(offeredAccounts(picker)).toEqual([`${administrator}: Signed in`, `${salesperson}: Signed out`]);
    expect(sentParameter(await open(browser, entra, { prompt: 'none' }), 'code')).toBeTruthy();
  });
});

it('a data folder of before accounts could be signed out goes on working', async () => {
  const cookies = await useBrowser();
  const db = new DatabaseSync(file);
  db.exec('ALTER TABLE entra_browser_sessions DROP COLUMN signed_out_at');
  db.exec('UPDATE entra_browser_sessions SET is_kept = 1');
  db.close();
  await comeBack(cookies, async (browser, entra) => {
    const picker = await open(browser, entra, { prompt: 'select_account' });
    const left = await pressTile(picker, salesperson, 'signout');
    expect(offeredAccounts(left).toSorted()).toEqual([
      `${administrator}: Signed in`,
      `${salesperson}: Signed out`,
    ]);
  });
});
