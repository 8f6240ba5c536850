import { expect, it } from 'vitest';
import { codeVerifierPlace, type SignInSubject, subjectOf } from './sign-in-subject.ts';

const connection: SignInSubject = {
  redirectUri: () => 'https://hub.example/',
  authorizeUrl: async () => 'https://login.example/',
  complete: async () => {},
  page: (id) => `/connections/${id}`,
  donePage: (id) => `/connections/${id}?done`,
};

it('is found by its purpose', () => {
  expect(subjectOf({ subjects: { connection } }, 'connection')).toBe(connection);
});

it('is named when nobody knows it here', () => {
  expect(() => subjectOf({ subjects: { connection } }, 'registration')).toThrow(
    'Nothing is known to sign in for: registration.',
  );
});

it('has a place for each code verifier of its own, the same in every version', () => {
  expect(codeVerifierPlace('hash')).toBe('authorizations/hash/sealed_code_verifier');
});
