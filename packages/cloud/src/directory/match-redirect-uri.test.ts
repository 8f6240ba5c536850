import { expect, it } from 'vitest';
import { emptyApplicationDocument } from './application-document.ts';
import { matchRedirectUri, withPath } from './match-redirect-uri.ts';

const document = emptyApplicationDocument(null);
document.web.redirectUris = [
  'https://contoso.com',
  'https://app.contoso.com/Auth?x=1',
  'http://localhost/cb',
];
document.spa.redirectUris = ['http://localhost:3000/spa'];
document.publicClient.redirectUris = ['http://localhost', 'http://127.0.0.1/native', 'myapp://auth'];

it.each([
  ['https://contoso.com', 'web'],
  ['https://contoso.com/', 'web'],
  ['https://app.contoso.com/Auth?x=1', 'web'],
  ['https://app.contoso.com/auth?x=1', undefined],
  ['https://app.contoso.com/Auth', undefined],
  ['https://app.contoso.com:8443/Auth?x=1', undefined],
  ['https://contoso.com.evil.example/', undefined],
  ['http://localhost:51234/cb', 'web'],
  ['https://localhost/cb', undefined],
  ['http://localhost:9/spa', 'spa'],
  ['http://localhost:49152', 'publicClient'],
  ['http://localhost:49152/', 'publicClient'],
  ['http://localhost:49152/other', undefined],
  ['http://127.0.0.1:7/native', 'publicClient'],
  ['http://localhost:80@evil.example/cb', undefined],
  ['myapp://auth', 'publicClient'],
])('%s is %s', (uri, platform) => {
  expect(matchRedirectUri(document, uri)).toBe(platform);
});

it('gives a path-less address its slash', () => {
  expect(withPath('https://contoso.com')).toBe('https://contoso.com/');
  expect(withPath('https://contoso.com?x=1')).toBe('https://contoso.com/?x=1');
  expect(withPath('myapp://auth')).toBe('myapp://auth');
});
