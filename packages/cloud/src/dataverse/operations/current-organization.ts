import { environmentVersion } from '../../directory/environments.ts';
import { stableGuid } from '../../directory/stable-guid.ts';
import type { Argument, Expression } from '../../odata/expression.ts';
import type { DataverseCall } from '../call/dataverse-call.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import { regionCode } from './environment-details.ts';

const accessTypeName = 'Microsoft.Dynamics.CRM.EndpointAccessType';
const accessTypes = ['Default', 'Internet', 'Intranet'];

/**
 * `RetrieveCurrentOrganization(AccessType=…)`: what clients ask after WhoAmI to know the environment (Dataverse Web API
 * reference, complex type OrganizationDetail). Every kind of access has the same addresses here.
 *
 * @throws DataverseError 400 when the access type is missing or unknown
 */
export function currentOrganization(
  { environment, serviceRoot }: DataverseCall,
  given: readonly Argument[],
  aliases: ReadonlyMap<string, Expression>,
): object {
  requireAccessType(given, aliases);
  const { origin } = new URL(serviceRoot);
  const endpoints = {
    WebApplication: `${origin}/`,
    OrganizationService: `${origin}/XRMServices/2011/Organization.svc`,
    OrganizationDataService: `${origin}/XRMServices/2011/OrganizationData.svc`,
  };
  return {
    Detail: {
      OrganizationId: environment.organizationId,
      FriendlyName: environment.friendlyName,
      OrganizationVersion: environmentVersion,
      EnvironmentId: environment.id,
      DatacenterId: stableGuid(`datacenter:${environment.regionHost}`),
      Geo: regionCode(environment.regionHost),
      TenantId: environment.tenantId,
      UrlName: environment.urlName,
      UniqueName: environment.uniqueName,
      State: 'Enabled',
      Endpoints: {
        Count: Object.keys(endpoints).length,
        IsReadOnly: false,
        Keys: Object.keys(endpoints),
        Values: Object.values(endpoints),
      },
    },
  };
}

function requireAccessType(given: readonly Argument[], aliases: ReadonlyMap<string, Expression>): void {
  const [argument, ...others] = given;
  const value = argument?.value.kind === 'alias' ? aliases.get(argument.value.name) : argument?.value;
  const isKnown =
    argument?.name === 'AccessType' &&
    others.length === 0 &&
    value?.kind === 'enum' &&
    value.typeName === accessTypeName &&
    accessTypes.includes(value.value);
  if (isKnown) return;
  throw new DataverseError(
    'badQuery',
    `The function 'RetrieveCurrentOrganization' takes one parameter, as in (AccessType=${accessTypeName}'Default').`,
  );
}
