import { describe, expect, it } from 'vitest';
import { fillFromPasted } from './fill-from-pasted.ts';

const environmentUrl = 'AuthType=…';
const pasted = {
  method: 'client_credentials',
  clientId: 'app',
  clientSecret: 'secret',
  tenantId: 'tenant',
  remarks: [],
} as const;

describe('a connection string says what the fields leave out', () => {
  it.each([
    [
      'nothing is typed',
      { method: 'client_credentials' },
      { clientId: 'app', clientSecret: 'secret', tenantId: 'tenant' },
    ],
    [
      'fields win',
      { method: 'sign_in', clientId: 'app', clientSecret: 'typed', tenantId: 'other' },
      { clientId: 'app', clientSecret: 'typed', tenantId: 'other' },
    ],
    [
      'another app keeps its own secret',
      { method: 'sign_in', clientId: 'another' },
      { clientId: 'another', tenantId: 'tenant' },
    ],
    [
      'a certificate stands for the secret',
      { method: 'client_credentials', clientCertificate: 'PEM' },
      { clientId: 'app', clientCertificate: 'PEM', tenantId: 'tenant' },
    ],
    [
      'a registration has its own app',
      { method: 'client_credentials', registrationId: 'r' },
      { registrationId: 'r', tenantId: 'tenant' },
    ],
    [
      'tokens of its app',
      { method: 'manual', clientId: 'app', refreshToken: 'r' },
      { clientId: 'app', clientSecret: 'secret', tenantId: 'tenant', refreshToken: 'r' },
    ],
  ] as const)('%s', (_name, typed, expected) => {
    expect(fillFromPasted({ environmentUrl, ...typed }, pasted)).toEqual({
      environmentUrl,
      method: typed.method,
      ...expected,
    });
  });

  it('leaves everything as it is where the string says nothing, or there is none', () => {
    const input = { environmentUrl, method: 'sign_in', clientId: 'app' } as const;
    const silent = { ...pasted, clientId: null, clientSecret: null, tenantId: null };
    expect(fillFromPasted(input, silent)).toEqual(input);
    expect(fillFromPasted(input, null)).toEqual(input);
  });
});
