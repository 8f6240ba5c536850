import { nationalClouds, wellKnownIds } from '@latchkey/microsoft';
import { issuerV1, issuerV2 } from '../../jwt/token-issuers.ts';
import { type TenantScope, tenantSegment } from '../tenants/resolve-tenant.ts';

/** A discovery document (OpenID Connect Discovery §3) with Microsoft's additions. */
export type OpenIdConfiguration = Readonly<Record<string, unknown>>;

const responseModes = ['query', 'fragment', 'form_post'];
const authenticationMethods = ['client_secret_post', 'private_key_jwt', 'client_secret_basic'];
const commonClaims = [
  'sub',
  'iss',
  'cloud_instance_name',
  'cloud_instance_host_name',
  'cloud_graph_host_name',
  'msgraph_host',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'acr',
  'nonce',
  'email',
];
const claimsV1 = [...commonClaims, 'amr', 'given_name', 'family_name', 'nickname'];
const claimsV2 = [...commonClaims, 'preferred_username', 'name', 'tid', 'ver', 'at_hash', 'c_hash'];
const tenantPlaceholder = '{tenantid}';

/** Through which origins the reader of a document came, and comes to Graph. */
export interface ReaderOrigins {
  origin: string;
  graphOrigin: string;
  /** `msgraph_host` is that of `graphOrigin`; else Microsoft's, whatever the port that was asked. */
  localGraphHost: boolean;
}

/** v1: the issuer is Microsoft's token service, whatever host was asked. */
export function presentOpenIdConfigurationV1(reader: ReaderOrigins, scope: TenantScope): OpenIdConfiguration {
  const { origin } = reader;
  const authority = `${origin}/${tenantSegment(scope)}`;
  const issuingTenant = scope.kind === 'tenant' ? scope.tenant.id : tenantPlaceholder;
  return {
    token_endpoint: `${authority}/oauth2/token`,
    token_endpoint_auth_methods_supported: authenticationMethods,
    jwks_uri: `${origin}/common/discovery/keys`,
    response_modes_supported: responseModes,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
    scopes_supported: ['openid'],
    issuer: issuerV1(origin, issuingTenant),
    microsoft_multi_refresh_token: true,
    authorization_endpoint: `${authority}/oauth2/authorize`,
    device_authorization_endpoint: `${authority}/oauth2/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${authority}/oauth2/logout`,
    claims_supported: claimsV1,
    check_session_iframe: `${authority}/oauth2/checksession`,
    userinfo_endpoint: `${authority}/openid/userinfo`,
    ...cloudFacts(reader, scope),
  };
}

/** v2: the issuer is the authority itself, and Graph tells who signed in. */
export function presentOpenIdConfigurationV2(reader: ReaderOrigins, scope: TenantScope): OpenIdConfiguration {
  const { origin, graphOrigin } = reader;
  const authority = `${origin}/${tenantSegment(scope)}`;
  return {
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: authenticationMethods,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    response_modes_supported: responseModes,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerV2(origin, issuingTenantV2(scope)),
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${graphOrigin}/oidc/userinfo`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${authority}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
    claims_supported: claimsV2,
    ...cloudFacts(reader, scope),
  };
}

function issuingTenantV2(scope: TenantScope): string {
  if (scope.kind === 'tenant') return scope.tenant.id;
  return scope.kind === 'consumers' ? wellKnownIds.personalAccountTenant : tenantPlaceholder;
}

/** Where else things are in the cloud that was asked; local addresses stand for the global one. */
function cloudFacts(
  { origin, graphOrigin, localGraphHost }: ReaderOrigins,
  scope: TenantScope,
): OpenIdConfiguration {
  const { global, china } = nationalClouds;
  const cloud = Object.values(nationalClouds).find(({ authority }) => authority === origin) ?? global;
  return {
    tenant_region_scope: scope.kind === 'tenant' ? 'EU' : null,
    cloud_instance_name: new URL(cloud.authority).host.replace(/^login\./, ''),
    cloud_graph_host_name: cloud === china ? 'graph.chinacloudapi.cn' : 'graph.windows.net',
    msgraph_host: new URL(localGraphHost ? graphOrigin : cloud.graph).host,
    rbac_url: 'https://pas.windows.net',
  };
}
