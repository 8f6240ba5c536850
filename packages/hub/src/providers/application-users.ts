import type { OutboundResponse } from '../outbound/outbound-http.ts';

/** A security role of an environment. */
export interface EnvironmentRole {
  id: string;
  name: string;
}

/** One call to an environment with an administrator's token. */
export interface EnvironmentRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the environment's origin, or the whole address of a next page. */
  path: string;
  body?: object;
}

/** Calls an environment. @throws HubError for every answer that is no success, and for none */
export interface CallEnvironment {
  (request: EnvironmentRequest): Promise<OutboundResponse>;
  /** Origin, for addresses that stand in bodies. */
  readonly environmentUrl: string;
}

/** The place that a new application user gets, and what there is to choose from. */
interface EnvironmentPlace {
  /** Id of the root business unit. */
  businessUnitId: string;
  /** What the environment calls it. */
  businessUnitName: string;
  roles: EnvironmentRole[];
}

/** How an application is let into an environment as itself: by a user of its own, with roles. */
export interface ApplicationUsers {
  /** @returns the parameters that name the environment when its administrator signs in; no refresh token is asked for */
  signInParameters(environmentUrl: string): Record<string, string>;
  readPlace(call: CallEnvironment): Promise<EnvironmentPlace>;
  /** @returns the user of an application; null when it has none */
  find(call: CallEnvironment, applicationId: string): Promise<{ id: string; isDisabled: boolean } | null>;
  create(call: CallEnvironment, applicationId: string, businessUnitId: string): Promise<void>;
  enable(call: CallEnvironment, userId: string): Promise<void>;
  rolesOf(call: CallEnvironment, userId: string): Promise<EnvironmentRole[]>;
  giveRole(call: CallEnvironment, userId: string, roleId: string): Promise<void>;
  /** A role that the user has not is fine. */
  takeRole(call: CallEnvironment, userId: string, roleId: string): Promise<void>;
  /** Disables the user and deletes it. One that is gone is fine. */
  remove(call: CallEnvironment, userId: string): Promise<void>;
}
