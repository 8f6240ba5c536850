import { expect, it } from 'vitest';
import { entraEndpoints } from './entra-endpoints.ts';

const authority = 'https://login.microsoftonline.com';

it('are those of the tenant, in either version', () => {
  expect(entraEndpoints(authority, 'contoso.example', 'v2')).toEqual({
    authorizationEndpoint: `${authority}/contoso.example/oauth2/v2.0/authorize`,
    tokenEndpoint: `${authority}/contoso.example/oauth2/v2.0/token`,
    deviceAuthorizationEndpoint: `${authority}/contoso.example/oauth2/v2.0/devicecode`,
    discoveryDocument: `${authority}/contoso.example/v2.0/.well-known/openid-configuration`,
  });
  expect(entraEndpoints(authority, 'contoso.example', 'v1')).toEqual({
    authorizationEndpoint: `${authority}/contoso.example/oauth2/authorize`,
    tokenEndpoint: `${authority}/contoso.example/oauth2/token`,
    deviceAuthorizationEndpoint: `${authority}/contoso.example/oauth2/devicecode`,
    discoveryDocument: `${authority}/contoso.example/.well-known/openid-configuration`,
  });
});

it('stay below the authority, whatever is given for a tenant', () => {
  expect(entraEndpoints(authority, '../x?y', 'v2').tokenEndpoint).toBe(
    `${authority}/..%2Fx%3Fy/oauth2/v2.0/token`,
  );
});
