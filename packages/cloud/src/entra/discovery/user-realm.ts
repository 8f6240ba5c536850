import type { Directory } from '../../directory/open-directory.ts';
import { findTenant } from '../../directory/tenants.ts';

/**
 * Where an account signs in, which clients ask before they send a password. It goes by the domain: whether there is
 * such a person is told only once the password is known.
 */
export function userRealm(directory: Directory, userName: string): object {
  const domain = userName.split('@').at(-1) ?? '';
  const isOurs = userName.includes('@') && findTenant(directory, domain) !== undefined;
  return {
    ver: '1.0',
    account_type: isOurs ? 'Managed' : 'Unknown',
    domain_name: domain,
    cloud_instance_name: 'microsoftonline.com',
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  };
}
