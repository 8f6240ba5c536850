import { describe, expect, it } from 'vitest';
import { describeFilled, fillDraft, type PastedSettings } from './fill-draft.ts';

const silent: PastedSettings = {
  method: null,
  clientId: null,
  tenantId: null,
  hasClientSecret: false,
  remarks: [],
};

describe('a connection string', () => {
  it.each([
    [
      'of an app',
      { ...silent, method: 'client_credentials', clientId: 'app', tenantId: 'contoso.com' },
      'secret',
      {
        method: 'client_credentials',
        app: 'own_app',
        clientId: 'app',
        clientSecret: 'secret',
        tenantId: 'contoso.com',
      },
      'Read from the connection string: address, how to connect, client id, client secret, tenant (under “Advanced”).',
    ],
    [
      'to sign in by, without an app',
      { ...silent, method: 'sign_in' },
      null,
      { method: 'sign_in' },
      'Read from the connection string: address, how to connect.',
    ],
    [
      'with a secret alone',
      silent,
      'secret',
      { app: 'own_app', clientSecret: 'secret' },
      'Read from the connection string: address, client secret.',
    ],
    ['that says nothing else', silent, null, {}, 'Read from the connection string: address.'],
  ] as const)('%s', (_name, settings, secret, changes, sentence) => {
    const filled = fillDraft({ ...settings, remarks: [] }, secret);
    expect(filled).toEqual(changes);
    expect(describeFilled(filled)).toBe(sentence);
  });
});
