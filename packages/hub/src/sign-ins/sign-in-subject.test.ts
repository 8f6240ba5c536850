import { expect, it } from 'vitest';
import { type SignInSubject, subjectOf } from './sign-in-subject.ts';

const mailbox: SignInSubject = {
  redirectUri: () => 'http://localhost:4480/oauth/callback',
  authorizeUrl: async () => 'https://login.example/authorize',
  complete: async () => undefined,
  page: () => '/mailbox',
  donePage: () => '/mailbox?done',
};
const subjects = { mailbox };

it('finds what a sign-in is for by its name', () => {
  expect(subjectOf({ subjects }, 'mailbox')).toBe(mailbox);
});

it.each(['calendar', 'constructor', ''])('knows nothing of a purpose of another version: "%s"', (purpose) => {
  expect(() => subjectOf({ subjects }, purpose)).toThrow(`Nothing is known to sign in for: ${purpose}.`);
});
