import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvironmentAddress } from './environment-address.ts';
import { EnvironmentAddressError } from './environment-address-error.ts';

const contoso = {
  origin: 'https://contoso.crm4.dynamics.com',
  webApiOrigin: 'https://contoso.api.crm4.dynamics.com',
  organization: 'contoso',
  region: { host: 'crm4.dynamics.com', title: 'Europe, Middle East, Africa' },
  cloud: 'global',
};

describe('finds the environment in what people paste (lesson 8)', () => {
  it.each([
    ['the origin', 'https://contoso.crm4.dynamics.com'],
    ['Defender for Cloud Apps', 'https://contoso.crm4.dynamics.com.mcas.ms/main.aspx?McasTsid=20893'],
    ['Defender before the Web API', 'https://contoso.api.crm4.dynamics.com.mcas.ms/api/data/v9.2/'],
    ['Defender with the root’s dot', 'https://contoso.crm4.dynamics.com.mcas.ms./'],
    ['Defender of the US Government', 'contoso.crm4.dynamics.com.mcas-gov.us'],
    ['another Defender of the US Government', 'https://contoso.crm4.dynamics.com.mcas-gov.ms/'],
    [
      'a connection string',
      'AuthType=ClientSecret;Url=https://contoso.crm4.dynamics.com;ClientId=4d1f;ClientSecret=hunter2',
    ],
    [
      'a connection string with other addresses and a lone name',
      '"AuthType = OAuth; RedirectUri = http://localhost:1; Service Uri = contoso.crm4.dynamics.com/ ; Password=x"',
    ],
    ['a slash at the end', 'https://contoso.crm4.dynamics.com/'],
    ['an app', 'https://contoso.crm4.dynamics.com/main.aspx?appid=4d1f&pagetype=entitylist&etn=account#1'],
    ['the Web API', 'https://contoso.api.crm4.dynamics.com/api/data/v9.2/'],
    ['a Web API query', 'https://contoso.api.crm4.dynamics.com/api/data/v9.2/accounts?$select=name'],
    ['the SOAP endpoint', 'https://contoso.api.crm4.dynamics.com/XRMServices/2011/Organization.svc'],
    ['a settings page', 'https://contoso.crm4.dynamics.com/tools/Admin/admin.aspx?pagetype=advancedsettings'],
    ['no scheme', 'contoso.crm4.dynamics.com'],
    ['no scheme but a path', 'contoso.crm4.dynamics.com/main.aspx?appid=1'],
    ['no scheme but slashes', '//contoso.crm4.dynamics.com/'],
    ['http', 'http://contoso.crm4.dynamics.com/'],
    ['the default port', 'https://contoso.crm4.dynamics.com:443/main.aspx'],
    ['the default port without a scheme', 'contoso.crm4.dynamics.com:443'],
    ["http's default port", 'http://contoso.crm4.dynamics.com:80/'],
    ['upper case', 'HTTPS://CONTOSO.API.CRM4.DYNAMICS.COM/API/DATA'],
    ['blanks around', '  \t https://contoso.crm4.dynamics.com \r\n'],
    ['quotes', '"https://contoso.crm4.dynamics.com/"'],
    ['typographic quotes', '“contoso.crm4.dynamics.com”'],
    ['angle brackets', '<https://contoso.crm4.dynamics.com>'],
    ['a full stop', 'contoso.crm4.dynamics.com.'],
    ['a trailing dot in the host', 'https://contoso.crm4.dynamics.com./main.aspx'],
    ['a comma', 'https://contoso.crm4.dynamics.com,'],
    ['a sentence', 'Please connect https://contoso.crm4.dynamics.com/main.aspx, thanks.'],
    ['a Markdown link', '[our CRM](https://contoso.crm4.dynamics.com)'],
    ['invisible marks', '\uFEFFhttps://contoso.crm4.dynamics.com\u200B'],
  ])('%s', (_, input) => {
    expect(parseEnvironmentAddress(input)).toEqual(contoso);
  });
});

it.each([
  ['org.crm.dynamics.com', 'global', 'North America'],
  ['org.crm9.dynamics.com', 'global', 'North America 2 (US Government Community Cloud)'],
  ['org.crm21.dynamics.com', 'global', 'Korea'],
  ['org.crm77.dynamics.com', 'global', 'Region crm77.dynamics.com'],
  ['org.crm.microsoftdynamics.us', 'usgov', 'US Government (GCC High)'],
  ['org.api.crm.appsplatform.us', 'usgov-dod', 'US Department of Defense'],
  ['org.crm.dynamics.cn', 'china', 'China'],
])('%s belongs to the cloud %s and the region %s', (input, cloud, title) => {
  const address = parseEnvironmentAddress(input);
  expect(address.cloud).toBe(cloud);
  expect(address.region.title).toBe(title);
});

describe('refuses what is no environment', () => {
  it.each([
    ['', 'address_empty'],
    ['  \u200B ', 'address_empty'],
    ['our CRM', 'address_unreadable'],
    ['jane@contoso.com', 'address_unreadable'],
    ['https://', 'address_unreadable'],
    ['x'.repeat(40_000), 'address_unreadable'],
    ['ftp://contoso.crm4.dynamics.com', 'address_scheme_unsupported'],
    ['https://jane:secret@contoso.crm4.dynamics.com', 'address_has_credentials'],
    ['https://contoso.crm4.dynamics.com@evil.example', 'address_has_credentials'],
    ['https://10.0.0.1/api/data', 'address_is_ip'],
    ['http://0x7f000001/', 'address_is_ip'],
    ['http://[::1]/', 'address_is_ip'],
    ['https://contoso.crm4.dynamics.com:8443', 'address_port_unsupported'],
    ['https://make.powerapps.com/environments/4d1f/home', 'address_wrong_page'],
    ['https://login.microsoftonline.com/common/oauth2/authorize', 'address_wrong_page'],
    ['https://admin.powerplatform.microsoft.com/environments', 'address_wrong_page'],
    ['https://admin.services.crm4.dynamics.com', 'address_wrong_page'],
    ['https://globaldisco.crm.dynamics.com/api/discovery/v2.0/Instances', 'address_wrong_page'],
    ['https://disco.crm4.dynamics.com', 'address_wrong_page'],
    ['https://portal.azure.com/#view/x', 'address_wrong_page'],
    ['https://contoso.operations.dynamics.com', 'address_wrong_page'],
    ['https://businesscentral.dynamics.com', 'address_wrong_page'],
    ['https://crm4.dynamics.com', 'address_without_organization'],
    ['https://api.crm4.dynamics.com', 'address_without_organization'],
    ['https://contoso.crm.microsoftdynamics.de', 'address_cloud_closed'],
    ['https://contoso.example', 'address_not_dynamics'],
    ['https://contoso.crm4.dynamics.com.evil.example', 'address_not_dynamics'],
    ['https://evil.example/contoso.crm4.dynamics.com', 'address_not_dynamics'],
    ['https://a.b.crm4.dynamics.com', 'address_not_dynamics'],
    ['https://contoso.xcrm4.dynamics.com', 'address_not_dynamics'],
    ['javascript:alert(1)', 'address_unreadable'],
  ])('%s: %s', (input, code) => {
    const error = failureOf(input);
    expect(error.code).toBe(code);
    expect(error.remedy).not.toBe('');
  });

  it('says which Microsoft page it is and where the address is found', () => {
    const error = failureOf('https://make.powerapps.com/environments/x');
    expect(error.message).toBe('make.powerapps.com is the Power Apps maker portal.');
    expect(error.remedy).toContain('Instance URL');
  });

  it('never repeats a password, code or path of the input', () => {
    for (const input of [
      'AuthType=ClientSecret;ClientSecret=topsecret',
      'AuthType=ClientSecret;Url=https://contoso.example;ClientSecret=topsecret',
      'https://contoso.example;ClientSecret=topsecret',
      'contoso.example;ClientSecret=topsecret',
      'topsecret~Q.x',
      'topsecret://contoso.example',
      `eyJ${'topsecret'.repeat(10)}.eyJ.x`,
    ]) {
      const { message, remedy } = failureOf(input);
      expect(message + remedy).not.toContain('secret');
    }
    const error = failureOf('https://contoso.example/callback?code=0.AbC-secret');
    expect(error.message + error.remedy).not.toContain('secret');
    expect(failureOf('https://u:hunter2@contoso.crm4.dynamics.com').message).not.toContain('hunter2');
  });
});

describe('a local cloud', () => {
  const localOrigins = [
    'http://localhost:4483',
    'https://contoso.crm4.dynamics.com',
    'http://127.0.0.1:4483/',
  ];

  it.each([
    ['http://localhost:4483/main.aspx?appid=1', 'http://localhost:4483', 'localhost'],
    ['localhost:4483', 'http://localhost:4483', 'localhost'],
    ['127.0.0.1:4483/api/data/v9.2/', 'http://127.0.0.1:4483', '127.0.0.1'],
    ['https://contoso.crm4.dynamics.com/', 'https://contoso.crm4.dynamics.com', 'contoso'],
  ])('takes %s as it is', (input, origin, organization) => {
    expect(parseEnvironmentAddress(input, { localOrigins })).toMatchObject({
      origin,
      webApiOrigin: origin,
      organization,
      cloud: 'local',
    });
  });

  it('is known by its whole origin: another port is not it', () => {
    expect(failureOf('http://localhost:4484', localOrigins).code).toBe('address_port_unsupported');
    expect(failureOf('http://localhost', localOrigins).code).toBe('address_not_dynamics');
  });

  it('takes no user name or password either', () => {
    expect(failureOf('http://u:p@localhost:4483', localOrigins).code).toBe('address_has_credentials');
  });
});

const organizations = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$/).filter((name) => {
  return !['api', 'disco', 'globaldisco', 'port', 'home'].includes(name) && !name.startsWith('xn--');
});

it('any path, query, case and wrapping give the same origin, and the result parses to itself', () => {
  fc.assert(
    fc.property(
      organizations,
      fc.webPath(),
      fc.webQueryParameters(),
      fc.boolean(),
      (name, path, query, upper) => {
        const plain = `https://${name}.crm4.dynamics.com${path}?${query}`;
        const address = parseEnvironmentAddress(` "${upper ? plain.toUpperCase() : plain}" `);
        expect(address.origin).toBe(`https://${name}.crm4.dynamics.com`);
        expect(parseEnvironmentAddress(address.origin)).toEqual(address);
        expect(parseEnvironmentAddress(address.webApiOrigin)).toEqual(address);
      },
    ),
  );
});

it('any text gives an https Dynamics origin or an EnvironmentAddressError', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (input) => {
      const outcome = outcomeOf(input);
      const result = outcome instanceof EnvironmentAddressError ? outcome.code : outcome.origin;
      expect(result).toMatch(/^(?:address_[a-z_]+|https:\/\/[a-z0-9-]+\.crm\d*\.[a-z.]+)$/);
    }),
  );
});

function outcomeOf(input: string, localOrigins: readonly string[] = []) {
  try {
    return parseEnvironmentAddress(input, { localOrigins });
  } catch (error) {
    if (error instanceof EnvironmentAddressError) return error;
    throw error;
  }
}

function failureOf(input: string, localOrigins: readonly string[] = []): EnvironmentAddressError {
  const outcome = outcomeOf(input, localOrigins);
  if (outcome instanceof EnvironmentAddressError) return outcome;
  throw new Error(`${input} was taken for an environment`);
}
