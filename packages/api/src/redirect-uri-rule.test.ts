import { describe, expect, it } from 'vitest';
import { redirectUriObjection } from './redirect-uri-rule.ts';

describe('redirectUriObjection', () => {
  it.each([
    'https://latchkey.example.com/oauth/callback',
    'http://localhost:4480/oauth/callback',
    'http://127.0.0.1/callback',
    'https://latchkey.example.com/callback?tenant=contoso',
  ])('has none to %s', (uri) => {
    expect(redirectUriObjection(uri, 'AzureADMyOrg')).toBeUndefined();
  });

  it.each([
    ['plain http elsewhere', 'http://latchkey.example.com/callback', /https/],
    ['another scheme', 'myapp://callback', /https/],
    ['a fragment', 'https://latchkey.example.com/#callback', /fragment/],
    ['an empty fragment', 'https://latchkey.example.com/callback#', /fragment/],
    ['a refused character', 'https://latchkey.example.com/call(back)', /characters/],
    ['a wildcard', 'https://*.example.com/callback', /wildcard/],
    ['too many characters', `https://latchkey.example.com/${'a'.repeat(256)}`, /256/],
    ['no address at all', '/oauth/callback', /whole address/],
  ])('objects to %s', (_case, uri, objection) => {
    expect(redirectUriObjection(uri, 'AzureADMyOrg')).toMatch(objection);
  });

  it('objects to a query where personal accounts may sign in', () => {
    const uri = 'https://latchkey.example.com/callback?tenant=contoso';
    expect(redirectUriObjection(uri, 'AzureADandPersonalMicrosoftAccount')).toMatch(/query/);
  });
});
