import type { Connection, ConnectionState, SignInMethod } from '@latchkey/client';
import { describe, expect, it } from 'vitest';
import { decideSignInOffer } from './describe-connection.ts';

function connection(method: SignInMethod, state: ConnectionState, user: string | null): Connection {
  return {
    id: 'c1',
    provider: 'dynamics-365',
    name: 'Microsoft Dynamics 365 CRM',
    description: '',
    method,
    environmentUrl: 'https://contoso.crm4.dynamics.com',
    tenantId: null,
    clientId: '51f81489-12ee-4a9e-aaae-a2591f45987d',
    registrationId: null,
    endpointVersion: 'v2',
    tokenUrl: null,
    adminConsentUrl: null,
    credential: 'secret',
    hasOwnCredential: true,
    hasClientSecret: true,
    certificate: null,
    refreshTokenEndsAt: null,
    refreshTokenEndBasis: null,
    hasRefreshToken: false,
    user,
    identityNotice: null,
    requestTimeoutSeconds: 20,
    disabled: state === 'disabled',
    status: {
      state,
      reason: '',
      whoActs: 'user',
      remedy: '',
      failure: null,
      lastProvenAt: user === null ? null : '2026-05-04T12:00:00Z',
      since: null,
      lastRefreshedAt: null,
      nextProofAt: null,
      proofOverdueSince: null,
      nextRefreshAt: null,
      nextTryAt: null,
      endsAt: null,
    },
    createdAt: '2026-05-04T12:00:00Z',
    updatedAt: '2026-05-04T12:00:00Z',
  };
}

const seller = 'seller@contoso.onmicrosoft.com';

describe('sign-in offer', () => {
  it.each([
    ['sign_in', 'needs_sign_in', null, 'first'],
    ['sign_in', 'needs_sign_in', seller, 'again_needed'],
    ['sign_in', 'ready', seller, 'again'],
    ['sign_in', 'limited', seller, 'again'],
    ['manual', 'needs_sign_in', seller, 'again_needed'],
    ['sign_in', 'disabled', seller, null],
    ['client_credentials', 'blocked', null, null],
    ['client_credentials', 'needs_sign_in', null, null],
  ] as const)('for %s, %s, user %s is %s', (method, state, user, offer) => {
    expect(decideSignInOffer(connection(method, state, user))).toBe(offer);
  });
});
