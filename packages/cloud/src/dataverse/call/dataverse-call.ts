import type { CloudContext } from '../../cloud-context.ts';
import type { Environment } from '../../directory/environments.ts';
import type { RecordStore } from '../storage/record-store.ts';
import type { Preferences } from './preferences.ts';

/** One environment of the local Dataverse, as its operations need it. */
export interface Dataverse {
  context: CloudContext;
  environment: Environment;
  store: RecordStore;
}

/** The environments of the cloud, each with rows of its own. */
export interface Dataverses {
  /** The environment that a request came to, by the origin through which it came. */
  find(origin: string): Dataverse | undefined;
  /** Those of one tenant. */
  list(tenantId: string): Dataverse[];
}

/** The user of the environment (person or application user) on whose behalf a request runs. */
export interface Caller {
  /** `systemuserid` */
  userId: string;
  businessUnitId: string;
  roleCount: number;
  /** Holds the role System Administrator. */
  isAdministrator: boolean;
}

/** One authenticated request. */
export interface DataverseCall extends Dataverse {
  caller: Caller;
  /** E.g. `http://localhost:4481/api/data/v9.2`, the address through which the request came. */
  serviceRoot: string;
  preferences: Preferences;
}
