import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConnectionString, withoutSecrets } from './connection-string.ts';

const clientId = '4d1f0000-0000-4000-8000-000000000001';
const nothing = {
  url: null,
  authType: null,
  clientId: null,
  clientSecret: null,
  tenant: null,
  hasUser: false,
  hasCertificate: false,
};
const byTheApp = {
  ...nothing,
  url: 'https://contoso.crm4.dynamics.com',
  authType: 'clientsecret',
  clientId,
  clientSecret: 'a~secret.Q-1',
};

describe('reads', () => {
  it.each([
    [
      'names as documents write them',
      `AuthType=ClientSecret;Url=https://contoso.crm4.dynamics.com;ClientId=${clientId};ClientSecret=a~secret.Q-1`,
    ],
    [
      'other names, cases and an order of their own',
      `secret=a~secret.Q-1;APPID=${clientId};SERVICE URI=https://contoso.crm4.dynamics.com;authenticationtype=CLIENTSECRET;`,
    ],
    [
      'lines and blanks',
      `\n  AuthType = ClientSecret ;\r\n  Server = https://contoso.crm4.dynamics.com ;\n  ApplicationId = ${clientId} ;\n  Secret = a~secret.Q-1 ;\n`,
    ],
    [
      'lines without semicolons, as people keep such things',
      `AuthType=ClientSecret\nUrl=https://contoso.crm4.dynamics.com\r\n\r\nthe app:\nClientId=${clientId}\nClientSecret=a~secret.Q-1`,
    ],
    [
      'quoted values',
      `AuthType='ClientSecret';Url="https://contoso.crm4.dynamics.com";ClientId='${clientId}';ClientSecret="a~secret.Q-1"`,
    ],
    [
      'a line of a file of settings',
      `<add name="Crm" connectionString="Url=https://contoso.crm4.dynamics.com;SkipDiscovery=true;AuthType=ClientSecret;ClientId=${clientId};ClientSecret=a~secret.Q-1" />`,
    ],
    [
      'a member of JSON',
      `"Dataverse": "AuthType=ClientSecret;Url=https://contoso.crm4.dynamics.com;ClientId=${clientId};ClientSecret=a~secret.Q-1",`,
    ],
    [
      'empty pairs, and a key that comes twice',
      `AuthType=OAuth;;AuthType=ClientSecret;noise;Url=https://contoso.crm4.dynamics.com;ClientId=${clientId};RedirectUri=;ClientSecret=a~secret.Q-1;;`,
    ],
  ])('%s', (_name, text) => {
    expect(parseConnectionString(text)).toEqual(byTheApp);
  });

  it.each([
    ['a semicolon and quotes', `Url=x;ClientSecret="a;b""c='d'"`, `a;b"c='d'`],
    ['quotes of the other kind', `Url=x;Secret='a;b''c"d'`, `a;b'c"d`],
    ['an equals sign', 'Url=x;ClientSecret=ab==', 'ab=='],
    ['a quote within', `Url=x;ClientSecret=a"b`, 'a"b'],
  ])('a secret with %s', (_name, text, clientSecret) => {
    expect(parseConnectionString(text)).toEqual({ ...nothing, url: 'x', clientSecret });
  });

  it('what people and certificates sign in by', () => {
    expect(parseConnectionString('AuthType=OAuth;Username=a@b.c;Password=p;Url=x;LoginPrompt=Auto')).toEqual({
      ...nothing,
      authType: 'oauth',
      url: 'x',
      hasUser: true,
    });
    expect(parseConnectionString('AuthType=Certificate;Url=x;Thumbprint=AB12')).toMatchObject({
      hasCertificate: true,
    });
  });

  it.each([
    ['TenantId=contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
    ['Authority=https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2', 'contoso.onmicrosoft.com'],
    ['Authority=https://login.microsoftonline.com/common', null],
    ['Authority=https://login.microsoftonline.com', null],
    ['Authority=none', null],
  ])('the directory: %s', (text, tenant) => {
    expect(parseConnectionString(`Url=x;${text}`)?.tenant).toBe(tenant);
  });
});

it.each([
  '',
  'https://contoso.crm4.dynamics.com',
  'https://contoso.crm4.dynamics.com/main.aspx?appid=4d1f&pagetype=entitylist',
  'https://contoso.example;ClientSecret=topsecret',
  'contoso.example;Url=x',
  'ClientId=4d1f;ClientSecret=topsecret',
  'name=value',
  `Url=${'x'.repeat(40_000)}`,
])('is none: %s', (text) => {
  expect(parseConnectionString(text)).toBeNull();
});

it('leaves out what is secret, and says the rest as before', () => {
  const said = `AuthType=OAuth;Username=ann;Password=hunter2;Url='https://a;"b"';ClientId=${clientId};Secret=hunter2;Tenant=t;Thumbprint=AB12`;
  const read = parseConnectionString(said);
  expect(read?.clientSecret).toBe('hunter2');
  const kept = read ? withoutSecrets(read) : '';
  expect(kept).not.toMatch(/hunter2|ann|AB12/);
  expect(parseConnectionString(kept)).toEqual({ ...read, clientSecret: null });
});

it('reads whatever it is given, at once', () => {
  const parts = fc.constantFrom('Url', '=', ';', '"', "'", ' ', '\n', 'ClientSecret', 'a', '==', '""', '`');
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 60 }), (texts) => {
      const read = parseConnectionString(texts.join(''));
      const again = read && parseConnectionString(withoutSecrets(read));
      expect(again).toEqual(read && { ...read, clientSecret: null });
    }),
  );
});

it.each(['Url="', 'Url =', 'a ', '"a=', ' ', ' =', '"', "'a;b"])('takes no time for ages of %j', (text) => {
  expect(parseConnectionString(`Url=x;${text.repeat(32_000)}`.slice(0, 32_768))?.url).toBeTruthy();
});
