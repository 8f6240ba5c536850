import type { Directory } from '../../directory/open-directory.ts';
import { findTenant } from '../../directory/tenants.ts';

/**
 * Where an account signs in, which clients ask before they send a password. It goes by the domain: whether there is
 * such a person is told only once the password is known. Version 2 of the question has an answer of its own form.
 */
export function presentUserRealm(
  directory: Directory,
  userName: string,
  apiVersion: string | undefined,
): object {
  const domain = userName.split('@').at(-1) ?? '';
  const tenant = userName.includes('@') ? findTenant(directory, domain) : undefined;
  const isOurs = tenant !== undefined;
  if (apiVersion?.startsWith('2')) {
    return {
      NameSpaceType: isOurs ? 'Managed' : 'Unknown',
      Login: userName,
      ...(isOurs && { DomainName: domain, FederationBrandName: tenant.displayName }),
      TenantBrandingInfo: null,
      cloud_instance_name: 'microsoftonline.com',
      cloud_instance_issuer_uri: 'urn:federation:MicrosoftOnline',
    };
  }
  return {
    ver: '1.0',
    account_type: isOurs ? 'Managed' : 'Unknown',
    domain_name: domain,
    cloud_instance_name: 'microsoftonline.com',
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  };
}
