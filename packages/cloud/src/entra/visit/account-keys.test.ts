import { expect, it } from 'vitest';
import type { User } from '../../directory/users.ts';
import type { BrowserAccount } from '../stored/sessions.ts';
import { readAccountKeys, writeAccountKeys } from './account-keys.ts';

const user: User = {
  id: 'ada',
  tenantId: 'contoso',
  userPrincipalName: 'ada@contoso.onmicrosoft.com',
  displayName: 'Ada',
  givenName: 'Ada',
  surname: 'Lovelace',
  mail: null,
  jobTitle: null,
  enabled: true,
  directoryRoles: [],
  licences: [],
  tokensValidFrom: 0,
};

function account(key: string, isKept = false): BrowserAccount {
  return { key, user, session: undefined, endedBy: undefined, signedInAt: 0, isKept };
}

/** Cookies of a browser that takes at once what it is sent. */
function openCookies(given: Record<string, string> = {}) {
  const held = new Map(Object.entries(given));
  const days = new Map<string, number | undefined>();
  return {
    held,
    days,
    read: (name: string) => held.get(name),
    write(name: string, value: string, { days: age }: { days?: number } = {}) {
      held.set(name, value);
      days.set(name, age);
    },
    clear: (name: string) => held.delete(name),
  };
}

it('keeps the accounts that stay signed in apart from those of this sitting', () => {
  const cookies = openCookies({ kept: 'old' });
  writeAccountKeys(cookies, [account('a'), account('b', true), account('c')]);
  expect(Object.fromEntries(cookies.held)).toEqual({ session: 'a.c', kept: 'b' });
  expect([cookies.days.get('session'), cookies.days.get('kept')]).toEqual([undefined, 90]);
  expect(readAccountKeys(cookies).toSorted((left, right) => left.localeCompare(right))).toEqual([
    'a',
    'b',
    'c',
  ]);
  writeAccountKeys(cookies, []);
  expect(readAccountKeys(cookies)).toEqual([]);
  expect(cookies.held.size).toBe(0);
});

it('knows ten accounts, those that come first', () => {
  const cookies = openCookies();
  const keys = Array.from({ length: 12 }, (_, index) => `key${index}`);
  writeAccountKeys(
    cookies,
    keys.map((key) => account(key)),
  );
  expect(readAccountKeys(cookies)).toEqual(keys.slice(0, 10));
});

it('takes nothing for an account that is none, and each once', () => {
  expect(readAccountKeys(openCookies({ session: '..a..b.', kept: 'a.' }))).toEqual(['a', 'b']);
  expect(readAccountKeys(openCookies({ session: 'x.'.repeat(3) + 'y.'.repeat(500) }))).toEqual(['x', 'y']);
});
