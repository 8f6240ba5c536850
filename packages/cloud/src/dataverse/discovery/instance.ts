import { environmentVersion } from '../../directory/environments.ts';
import { stableGuid } from '../../directory/stable-guid.ts';
import type { Dataverse } from '../call/dataverse-call.ts';
import { regionCode } from '../operations/environment-details.ts';

/** An environment as the Global Discovery Service tells of it (Dataverse "Discover user organizations"). */
export interface Instance {
  IsUserSysAdmin: boolean;
  Region: string;
  Purpose: string;
  StatusMessage: number;
  TrialExpirationDate: string | null;
  OrganizationType: number;
  TenantId: string;
  EnvironmentId: string;
  DatacenterId: string;
  DatacenterName: string | null;
  /** The organization's id. */
  Id: string;
  UniqueName: string;
  UrlName: string;
  FriendlyName: string;
  State: number;
  Version: string;
  Url: string;
  ApiUrl: string;
  LastUpdated: string;
  SchemaType: string;
}

export type InstanceProperty = keyof Instance;

/** The types in the service's metadata. */
export const instanceTypes: Readonly<Record<InstanceProperty, EdmType>> = {
  IsUserSysAdmin: 'Edm.Boolean',
  Region: 'Edm.String',
  Purpose: 'Edm.String',
  StatusMessage: 'Edm.Int32',
  TrialExpirationDate: 'Edm.DateTimeOffset',
  OrganizationType: 'Edm.Int32',
  TenantId: 'Edm.Guid',
  EnvironmentId: 'Edm.String',
  DatacenterId: 'Edm.String',
  DatacenterName: 'Edm.String',
  Id: 'Edm.Guid',
  UniqueName: 'Edm.String',
  UrlName: 'Edm.String',
  FriendlyName: 'Edm.String',
  State: 'Edm.Int32',
  Version: 'Edm.String',
  Url: 'Edm.String',
  ApiUrl: 'Edm.String',
  LastUpdated: 'Edm.DateTimeOffset',
  SchemaType: 'Edm.String',
};

export type EdmType = 'Edm.String' | 'Edm.Guid' | 'Edm.Boolean' | 'Edm.Int32' | 'Edm.DateTimeOffset';

export const instanceProperties = Object.keys(instanceTypes).filter(isInstanceProperty);

export function isInstanceProperty(name: string): name is InstanceProperty {
  return Object.hasOwn(instanceTypes, name);
}

/** `OrganizationType` of a production environment, `State` of an enabled one, and a status without a message. */
const [production, enabled, noMessage] = [0, 0, 0];

/** @param origins the app's and the Web API's, as the caller can reach them */
export function presentInstance(
  { environment, store }: Dataverse,
  { isAdministrator, origins }: { isAdministrator: boolean; origins: { url: string; apiUrl: string } },
): Instance {
  const changedAt = store.find('organization', environment.organizationId)?.values.modifiedon;
  return {
    IsUserSysAdmin: isAdministrator,
    Region: regionCode(environment.regionHost),
    Purpose: '',
    StatusMessage: noMessage,
    TrialExpirationDate: null,
    OrganizationType: production,
    TenantId: environment.tenantId,
    EnvironmentId: environment.id,
    DatacenterId: stableGuid(`datacenter:${environment.regionHost}`),
    DatacenterName: null,
    Id: environment.organizationId,
    UniqueName: environment.uniqueName,
    UrlName: environment.urlName,
    FriendlyName: environment.friendlyName,
    State: enabled,
    Version: environmentVersion,
    Url: origins.url,
    ApiUrl: origins.apiUrl,
    LastUpdated: typeof changedAt === 'string' ? changedAt : new Date(0).toISOString(),
    SchemaType: 'Standard',
  };
}
