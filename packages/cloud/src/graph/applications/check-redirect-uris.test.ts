import { expect, it } from 'vitest';
import { checkRedirectUris } from './check-redirect-uris.ts';

function check(uri: string, platform: 'web' | 'spa' | 'publicClient' = 'web', personalAccounts = false) {
  return () =>
    checkRedirectUris({ web: [], spa: [], publicClient: [], [platform]: [uri] }, { personalAccounts });
}

it.each([
  'https://hub.example/callback',
  'https://hub.example',
  'http://localhost',
  'http://localhost:8123/a/b',
  'http://127.0.0.1/cb',
  'https://hub.example/cb?tenant=1',
])('takes %s', (uri) => {
  expect(check(uri)).not.toThrow();
});

it.each([
  ['http://hub.example/cb', 'must begin with https'],
  ['http://[::1]/cb', 'must begin with https'],
  ['myapp://auth', 'must begin with https'],
  ['/callback', 'is not a valid absolute URI'],
  ['https://hub.example/a b', 'is not a valid absolute URI'],
  ['https://hub.example/cb#part', 'has a fragment'],
  ['https://*.hub.example/cb', 'has a wildcard'],
  [`https://hub.example/${'x'.repeat(256)}`, 'has more than 256 characters'],
  ["https://hub.example/a'b", "has the character '"],
  ['https://hub.example/a;b', 'has the character ;'],
  ['https://hub.example/$', 'has the character $'],
])('refuses %s', (uri, problem) => {
  expect(check(uri)).toThrow(problem);
});

it('takes own schemes for native applications, but none that a browser runs', () => {
  expect(check('myapp://auth', 'publicClient')).not.toThrow();
  expect(check('urn:ietf:wg:oauth:2.0:oob', 'publicClient')).not.toThrow();
  expect(check('javascript:alert', 'publicClient')).toThrow('has the scheme');
});

it('refuses a query where personal accounts sign in', () => {
  expect(check('https://hub.example/cb?a=1', 'web', true)).toThrow('has a query');
});

it('refuses the same URI twice, on two platforms as well', () => {
  const uri = 'https://hub.example/cb';
  expect(() =>
    checkRedirectUris({ web: [uri], spa: [uri], publicClient: [] }, { personalAccounts: false }),
  ).toThrow('is there twice');
});

it('counts over all platforms: 256, and 100 where personal accounts sign in', () => {
  const uris = (count: number) => ({
    web: Array.from({ length: count - 1 }, (_, index) => `https://hub.example/${index}`),
    spa: ['https://spa.example'],
    publicClient: [],
  });
  expect(() => checkRedirectUris(uris(256), { personalAccounts: false })).not.toThrow();
  expect(() => checkRedirectUris(uris(257), { personalAccounts: false })).toThrow('more than 256');
  expect(() => checkRedirectUris(uris(101), { personalAccounts: true })).toThrow('more than 100');
});
