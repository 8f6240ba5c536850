import { type BrowserAccount, keptSessionDays } from '../stored/sessions.ts';
import type { entraCookies } from './entra-cookies.ts';

type Cookies = ReturnType<typeof entraCookies>;

/** Keys are base64url, so none contains it. */
const separator = '.';
/** A browser knows no more accounts than this; cookies hold four kilobytes. */
const mostAccounts = 10;

/** The keys of the accounts that a browser knows. */
export function readAccountKeys(cookies: Cookies): string[] {
  const given = [cookies.read('session'), cookies.read('kept')].flatMap(
    (text) => text?.split(separator) ?? [],
  );
  return [...new Set(given.filter(Boolean))].slice(0, mostAccounts);
}

/** Makes the browser know these accounts: those that stay signed in for 90 days, the others until it is closed. */
export function writeAccountKeys(cookies: Cookies, accounts: readonly BrowserAccount[]): void {
  const kept: string[] = [];
  const others: string[] = [];
  for (const { key, isKept } of accounts.slice(0, mostAccounts)) (isKept ? kept : others).push(key);
  writeKeys(cookies, 'kept', kept);
  writeKeys(cookies, 'session', others);
}

function writeKeys(cookies: Cookies, name: 'session' | 'kept', keys: readonly string[]): void {
  if (keys.length > 0)
    cookies.write(name, keys.join(separator), name === 'kept' ? { days: keptSessionDays } : {});
  else cookies.clear(name);
}
