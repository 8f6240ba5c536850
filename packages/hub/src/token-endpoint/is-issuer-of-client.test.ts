import { expect, it } from 'vitest';
import { entraEndpoints } from './entra-endpoints.ts';
import { isIssuerOfClient } from './is-issuer-of-client.ts';

const tenant = '11111111-2222-4333-8444-555555555555';
const other = '99999999-2222-4333-8444-555555555555';
const worldwide = 'https://login.microsoftonline.com';
const china = 'https://login.partner.microsoftonline.cn';

// The spellings of https://github.com/panva/openid-client/issues/76 and
// https://github.com/DuendeArchive/identity-model-oidc-client-js/issues/625.
it.each([
  ['its v2 issuer', worldwide, tenant, `${worldwide}/${tenant}/v2.0`],
  ['its v1 issuer', worldwide, tenant, `https://sts.windows.net/${tenant}/`],
  ['an id in upper case', worldwide, tenant, `${worldwide}/${tenant.toUpperCase()}/v2.0`],
  ['a host in upper case', worldwide, tenant, `HTTPS://LOGIN.MICROSOFTONLINE.COM/${tenant}/v2.0`],
  ['an old name of the service', worldwide, tenant, `https://login.windows.net/${tenant}/v2.0`],
  ['a document’s placeholder', worldwide, tenant, `${worldwide}/{tenantid}/v2.0`],
  ['any tenant where none is named', worldwide, 'organizations', `${worldwide}/${other}/v2.0`],
  ['the placeholder where none is named', worldwide, 'common', 'https://sts.windows.net/{tenantid}/'],
  ['any id where a domain is named', worldwide, 'contoso.onmicrosoft.com', `${worldwide}/${tenant}/v2.0`],
  ['a domain that is named', worldwide, 'contoso.example', `${worldwide}/contoso.example/v2.0`],
  ['v1 in China', china, tenant, `https://sts.chinacloudapi.cn/${tenant}/`],
  ['a local cloud’s v2', 'http://localhost:4481', tenant, `http://localhost:4481/${tenant}/v2.0`],
  ['a local cloud’s v1', 'http://localhost:4481', tenant, `https://sts.windows.net/${tenant}/`],
])('takes %s', (_case, authority, ofClient, issuer) => {
  expect(isIssuerOfClient(entraEndpoints(authority, ofClient, 'v2'), issuer)).toBe(true);
});

it.each([
  ['another tenant', tenant, `${worldwide}/${other}/v2.0`],
  ['another service', tenant, `https://login.example/${tenant}/v2.0`],
  ['a longer host', tenant, `${worldwide}.example/${tenant}/v2.0`],
  ['a user name before the host', tenant, `${worldwide}@login.example/${tenant}/v2.0`],
  ['another cloud', tenant, `https://login.microsoftonline.us/${tenant}/v2.0`],
  ['China’s token service', tenant, `https://sts.chinacloudapi.cn/${tenant}/`],
  ['another port', tenant, `${worldwide}:444/${tenant}/v2.0`],
  ['more after it', tenant, `${worldwide}/${tenant}/v2.0?x`],
  ['another domain', 'organizations', `${worldwide}/contoso.example/v2.0`],
  ['nothing', tenant, ''],
  ['no address', tenant, 'iss'],
])('refuses %s', (_case, ofClient, issuer) => {
  expect(isIssuerOfClient(entraEndpoints(worldwide, ofClient, 'v2'), issuer)).toBe(false);
});
