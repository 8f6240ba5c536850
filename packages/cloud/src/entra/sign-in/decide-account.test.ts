import { expect, it } from 'vitest';
import type { User } from '../../directory/users.ts';
import type { BrowserAccount } from '../stored/sessions.ts';
import { type AccountHint, type Candidate, decideAccount } from './decide-account.ts';

function account(name: string, state: 'in' | 'out'): BrowserAccount {
  const user: User = {
    id: name,
    tenantId: 'contoso',
    userPrincipalName: name,
    displayName: name,
    givenName: name,
    surname: name,
    mail: null,
    jobTitle: null,
    enabled: true,
    directoryRoles: [],
    licences: [],
    tokensValidFrom: 0,
  };
  const session = { id: `session of ${name}`, user, signedInAt: 0, methods: ['pwd'] } as const;
  const signedIn = state === 'in' ? session : undefined;
  return { key: name, user, session: signedIn, endedBy: undefined, signedInAt: 0, isKept: false };
}

const ada = account('ada', 'in');
const grace = account('grace', 'in');
const mary = account('mary', 'out');

function candidate(of: BrowserAccount, changes: Partial<Candidate> = {}): Candidate {
  return { account: of, isOffered: true, isUsable: true, ...changes };
}

const both = [candidate(ada), candidate(grace)];
const elsewhere = { isUsable: false };
const hidden = { isOffered: false };

/** The decision in short. */
function decide(candidates: readonly Candidate[], prompt: string, hint?: AccountHint): string {
  const decided = decideAccount(candidates, { prompts: new Set(prompt.split(' ').filter(Boolean)), hint });
  if (decided.decision === 'go_on') return `go on as ${decided.account.key}`;
  if (decided.decision === 'pick') return `pick ${decided.accounts.map(({ key }) => key).join(', ')}`;
  if (decided.decision === 'sign_in') return `sign in as ${decided.name ?? 'anybody'}`;
  return decided.reason;
}

it.each<[string, readonly Candidate[], string, AccountHint | undefined, string]>([
  ['nobody known', [], '', undefined, 'sign in as anybody'],
  ['one signed in', [candidate(ada)], '', undefined, 'go on as ada'],
  ['one signed in, another remembered', [candidate(ada), candidate(mary)], '', undefined, 'go on as ada'],
  ['one remembered', [candidate(mary)], '', undefined, 'pick mary'],
  ['two signed in', both, '', undefined, 'pick ada, grace'],
  ['one of two usable', [candidate(ada, elsewhere), candidate(grace)], '', undefined, 'go on as grace'],
  ['the only one unusable', [candidate(ada, elsewhere)], '', undefined, 'go on as ada'],
  [
    'neither usable',
    [candidate(ada, elsewhere), candidate(grace, elsewhere)],
    '',
    undefined,
    'pick ada, grace',
  ],
  ['one of two offered', [candidate(ada, hidden), candidate(grace)], '', undefined, 'go on as grace'],
  ['none offered', [candidate(ada, hidden)], '', undefined, 'sign in as anybody'],
  ['a hint of one signed in', both, '', { account: grace, name: 'grace' }, 'go on as grace'],
  ['a hint of one remembered', [candidate(mary)], '', { account: mary }, 'sign in as mary'],
  ['a hint of one unknown', both, '', { name: 'eve' }, 'sign in as eve'],
  ['a hint of one not offered', [candidate(ada, hidden)], '', { account: ada, name: 'ada' }, 'go on as ada'],
  ['login, nobody known', [], 'login', undefined, 'sign in as anybody'],
  ['login, one known', [candidate(ada)], 'login', undefined, 'sign in as ada'],
  ['login, two known', both, 'login', undefined, 'pick ada, grace'],
  ['login and a hint', both, 'login', { account: grace, name: 'grace' }, 'sign in as grace'],
  ['select_account, one known', [candidate(ada)], 'select_account', undefined, 'pick ada'],
  ['select_account, nobody known', [], 'select_account', { name: 'eve' }, 'sign in as eve'],
  ['select_account and a hint', both, 'select_account', { account: ada, name: 'ada' }, 'pick ada, grace'],
  [
    'select_account, one of two offered',
    [candidate(ada), candidate(grace, hidden)],
    'select_account',
    undefined,
    'pick ada',
  ],
  ['consent, two signed in', both, 'consent', undefined, 'pick ada, grace'],
  ['none, nobody known', [], 'none', undefined, 'nobody_signed_in'],
  ['none, one remembered', [candidate(mary)], 'none', undefined, 'nobody_signed_in'],
  ['none, one signed in', [candidate(ada), candidate(mary)], 'none', undefined, 'go on as ada'],
  ['none, two signed in', both, 'none', undefined, 'ambiguous'],
  [
    'none, one of two usable',
    [candidate(ada), candidate(grace, elsewhere)],
    'none',
    undefined,
    'go on as ada',
  ],
  ['none, the only one unusable', [candidate(ada, elsewhere)], 'none', undefined, 'ambiguous'],
  [
    'none, one of two offered',
    [candidate(ada, hidden), candidate(grace)],
    'none',
    undefined,
    'go on as grace',
  ],
  ['none, none offered', [candidate(ada, hidden)], 'none', undefined, 'nobody_signed_in'],
  ['none and a hint', both, 'none', { account: ada, name: 'ada' }, 'go on as ada'],
  [
    'none and a hint of one remembered',
    [candidate(ada), candidate(mary)],
    'none',
    { account: mary },
    'hint_matches_nobody',
  ],
  ['none and a hint of nobody', both, 'none', {}, 'hint_matches_nobody'],
  ['none and a hint, nobody known', [], 'none', { name: 'eve' }, 'nobody_signed_in'],
])('%s', (_case, candidates, prompt, hint, expected) => {
  expect(decide(candidates, prompt, hint)).toBe(expected);
});
