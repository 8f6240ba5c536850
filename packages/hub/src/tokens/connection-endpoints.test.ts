import { expect, it } from 'vitest';
import { connectionEndpoints } from './connection-endpoints.ts';

const authority = 'https://login.microsoftonline.com';
const cloud = {
  name: 'global',
  title: 'Microsoft',
  authority,
  graph: 'https://graph.microsoft.com',
  localEnvironments: [],
} as const;
const row = { tenant_id: 'contoso.example', endpoint_version: 'v2', token_url: null } as const;

it('are those of the tenant, in the second version', () => {
  expect(connectionEndpoints(cloud, row)).toEqual({
    authorization: `${authority}/contoso.example/oauth2/v2.0/authorize`,
    token: `${authority}/contoso.example/oauth2/v2.0/token`,
    discovery: `${authority}/contoso.example/v2.0/.well-known/openid-configuration`,
  });
});

it('are those of the tenant, in the first version', () => {
  expect(connectionEndpoints(cloud, { ...row, endpoint_version: 'v1' })).toEqual({
    authorization: `${authority}/contoso.example/oauth2/authorize`,
    token: `${authority}/contoso.example/oauth2/token`,
    discovery: `${authority}/contoso.example/.well-known/openid-configuration`,
  });
});

it('are those for any organization while the tenant is not known', () => {
  expect(connectionEndpoints(cloud, { ...row, tenant_id: null })).toMatchObject({
    token: `${authority}/organizations/oauth2/v2.0/token`,
    discovery: `${authority}/organizations/v2.0/.well-known/openid-configuration`,
  });
});

it('take the token URL that was typed, and know no discovery document where it is not Entra ID’s', () => {
  const tenantUrl = `${authority}/fabrikam.example/oauth2/token`;
  expect(connectionEndpoints(cloud, { ...row, token_url: tenantUrl })).toMatchObject({
    token: tenantUrl,
    discovery: `${authority}/contoso.example/v2.0/.well-known/openid-configuration`,
  });
  const foreign = 'https://gateway.example/token';
  expect(connectionEndpoints(cloud, { ...row, token_url: foreign })).toMatchObject({
    token: foreign,
    discovery: null,
  });
});
