import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { adminConsentUrl, readConsentAnswer } from './admin-consent.ts';

const config = {
  publicUrl: 'https://latchkey.example.com',
  cloud: { authority: 'https://login.microsoftonline.com' },
};
const request = { tenantId: 'tenant-1', clientId: 'client-1', subject: 'registrations/r-1' } as const;

describe('the link for admin consent (lesson 14)', () => {
  it('asks by v1 for everything that the application asks for', () => {
    expect(adminConsentUrl(config, { ...request, scope: null })).toBe(
      'https://login.microsoftonline.com/tenant-1/adminconsent?client_id=client-1&redirect_uri=https%3A%2F%2Flatchkey.example.com%2Foauth%2Fcallback&state=consent%3Aregistrations%2Fr-1',
    );
  });

  it('asks by v2 for the permissions that are named', () => {
    const url = new URL(adminConsentUrl(config, { ...request, scope: 'https://x.crm.dynamics.com/a' }));
    expect(url.pathname).toBe('/tenant-1/v2.0/adminconsent');
    expect(url.searchParams.get('scope')).toBe('https://x.crm.dynamics.com/a');
  });
});

describe('what comes back from it', () => {
  it.each([
    ['admin_consent=True&tenant=t&state=consent:registrations/r-1', '/registrations/r-1', false],
    ['admin_consent=True&tenant=t&state=consent:connections/c-1', '/connections/c-1', false],
    ['error=access_denied&admin_consent=True&state=consent:connections/c-1', '/connections/c-1', true],
    ['admin_consent=True&tenant=t', '/registrations', false],
    ['admin_consent=True&state=consent:connections/../../evil', '/registrations', false],
    ['admin_consent=True&state=consent:elsewhere/r-1', '/registrations', false],
  ])('%s leads to %s', (query, path, isRefused) => {
    expect(readConsentAnswer(new URLSearchParams(query))).toEqual({ path, isRefused });
  });

  it.each(['code=c&admin_consent=True&state=s', 'error=access_denied&state=s', ''])(
    'is no such answer: %s',
    (query) => {
      expect(readConsentAnswer(new URLSearchParams(query))).toBeNull();
    },
  );
});

describe('the callback', () => {
  let hub: TestHub;
  beforeEach(async () => {
    hub = await createTestHub();
  });
  afterEach(() => hub.close());

  it.each(['/oauth/callback', '/'])(
    'leads an administrator who has consented to the page, from %s',
    async (path) => {
      const query = 'admin_consent=True&tenant=t&state=consent:registrations/r-1';
      const answer = await hub.app.inject({ url: `${path}?${query}` });
      expect(answer.statusCode).toBe(303);
      expect(answer.headers.location).toBe('http://localhost:4480/registrations/r-1?consent=granted');
      const refused = await hub.app.inject({ url: `${path}?error=access_denied&${query}` });
      expect(refused.headers.location).toBe('http://localhost:4480/registrations/r-1?consent=refused');
    },
  );
});
