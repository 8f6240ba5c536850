import { describe, expect, it } from 'vitest';
import {
  type ConnectionDraft,
  checkConnection,
  emptyConnection,
  toCreateConnection,
} from './connection-draft.ts';

/** Everything typed in, so that a body shows what stays behind. */
const fullDraft: ConnectionDraft = {
  environmentUrl: ' https://contoso.crm4.dynamics.com/main.aspx ',
  method: 'sign_in',
  app: 'own_app',
  registrationId: 'r1',
  clientId: ' 51f81489-12ee-4a9e-aaae-a2591f45987d ',
  clientSecret: ' secret~1 ',
  ownCredential: 'secret',
  clientCertificate: '',
  accessToken: 'eyJ.a.b',
  refreshToken: '0.AXoA',
  tokenUrl: 'https://login.microsoftonline.com/contoso/oauth2/token',
  endpointVersion: 'v1',
  tenantId: 'contoso.onmicrosoft.com',
  requestTimeoutSeconds: 30,
  name: 'Sales',
  description: 'For the nightly export',
};

const commonFields = {
  environmentUrl: 'https://contoso.crm4.dynamics.com/main.aspx',
  name: 'Sales',
  description: 'For the nightly export',
  tenantId: 'contoso.onmicrosoft.com',
  requestTimeoutSeconds: 30,
};

const app = { clientId: '51f81489-12ee-4a9e-aaae-a2591f45987d', clientSecret: 'secret~1' };

describe('body', () => {
  it('signs in with an app made elsewhere', () => {
    expect(toCreateConnection(fullDraft)).toEqual({
      ...commonFields,
      ...app,
      method: 'sign_in',
      endpointVersion: 'v1',
    });
  });

  it('signs in with a registration, whose id and secret the hub knows', () => {
    expect(toCreateConnection({ ...fullDraft, app: 'registration' })).toEqual({
      ...commonFields,
      method: 'sign_in',
      endpointVersion: 'v1',
      registrationId: 'r1',
    });
  });

  it('sends what was entered by hand, whatever app was chosen before', () => {
    expect(toCreateConnection({ ...fullDraft, method: 'manual', app: 'registration' })).toEqual({
      ...commonFields,
      ...app,
      method: 'manual',
      accessToken: 'eyJ.a.b',
      refreshToken: '0.AXoA',
      tokenUrl: 'https://login.microsoftonline.com/contoso/oauth2/token',
    });
  });

  it('sends client credentials without tokens', () => {
    expect(toCreateConnection({ ...fullDraft, method: 'client_credentials' })).toEqual({
      ...commonFields,
      ...app,
      method: 'client_credentials',
    });
  });

  it('sends the certificate or the secret, whichever was chosen', () => {
    const draft = { ...fullDraft, ownCredential: 'certificate', clientCertificate: ' PEM ' } as const;
    const { clientSecret: _, ...byCertificate } = { ...app, clientCertificate: 'PEM' };
    expect(toCreateConnection({ ...draft, method: 'client_credentials' })).toEqual({
      ...commonFields,
      ...byCertificate,
      method: 'client_credentials',
    });
    expect(toCreateConnection({ ...draft, ownCredential: 'secret' })).not.toHaveProperty('clientCertificate');
    expect(toCreateConnection({ ...draft, method: 'manual' })).not.toHaveProperty('clientSecret');
  });

  it('leaves empty fields out', () => {
    const draft: ConnectionDraft = {
      ...emptyConnection,
      environmentUrl: 'contoso.crm4.dynamics.com',
      method: 'manual',
      clientId: 'c',
      refreshToken: 'r',
    };
    expect(toCreateConnection(draft)).toEqual({
      environmentUrl: 'contoso.crm4.dynamics.com',
      name: 'Microsoft Dynamics 365 CRM',
      requestTimeoutSeconds: 20,
      method: 'manual',
      clientId: 'c',
      refreshToken: 'r',
    });
  });
});

describe('check', () => {
  it('passes a full draft of every method', () => {
    for (const method of ['sign_in', 'manual', 'client_credentials'] as const) {
      expect(checkConnection({ ...fullDraft, method })).toEqual({});
    }
  });

  const manual = { method: 'manual', accessToken: '', refreshToken: '' } as const;
  it.each([
    ['no address', { environmentUrl: ' ' }, ['environmentUrl']],
    ['no name', { name: '' }, ['name']],
    ['no registration chosen', { app: 'registration', registrationId: '' }, ['registrationId']],
    ['no client id', { clientId: '' }, ['clientId']],
    [
      'client credentials without certificate',
      { method: 'client_credentials', ownCredential: 'certificate' },
      ['clientCertificate'],
    ],
    [
      'client credentials without secret',
      { method: 'client_credentials', clientSecret: '' },
      ['clientSecret'],
    ],
    ['no token by hand', manual, ['refreshToken']],
    ['an access token alone', { ...manual, accessToken: 'a' }, []],
    [
      'by hand without client id, a registration chosen before',
      { method: 'manual', app: 'registration', clientId: '' },
      ['clientId'],
    ],
    ['no timeout', { requestTimeoutSeconds: '' }, ['requestTimeoutSeconds']],
    ['a timeout of 0, which would mean for ever', { requestTimeoutSeconds: 0 }, ['requestTimeoutSeconds']],
    ['a timeout over two minutes', { requestTimeoutSeconds: 121 }, ['requestTimeoutSeconds']],
  ] satisfies [string, Partial<ConnectionDraft>, string[]][])('with %s', (_, changes, fields) => {
    expect(Object.keys(checkConnection({ ...fullDraft, ...changes }))).toEqual(fields);
  });
});
