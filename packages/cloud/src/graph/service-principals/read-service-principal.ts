import type { ServicePrincipal } from '../../directory/service-principals.ts';
import { readBody, readFlag, readList, readText } from '../operation/read-body.ts';
import { withoutConstants } from '../operation/without-constants.ts';

const maximumTagLength = 256;

/** What the real service keeps, too, and this one doesn't: taken when it is empty. */
const constants = {
  addIns: [],
  alternativeNames: [],
  description: null,
  loginUrl: null,
  notes: null,
  notificationEmailAddresses: [],
  preferredSingleSignOnMode: null,
  samlSingleSignOnSettings: null,
  tokenEncryptionKeyId: null,
};

const ownProperties = ['accountEnabled', 'appRoleAssignmentRequired', 'tags'];
/** What an update may name whatever the present value. */
export const updatableProperties: readonly string[] = [...ownProperties, ...Object.keys(constants)];

/** What a create or an update says of a service principal itself; absent where it says nothing. */
export interface ServicePrincipalChanges {
  appId?: unknown;
  accountEnabled?: boolean;
  document: Partial<Pick<ServicePrincipal['document'], 'tags' | 'appRoleAssignmentRequired'>>;
}

/**
 * Reads the body of a create or an update.
 *
 * @param settable the properties of its own that may be named besides those of both: `appId` at the create
 * @throws GraphError 400 for an unknown property or a value that can't be taken
 */
export function readServicePrincipal(
  body: unknown,
  settable: readonly string[] = [],
): ServicePrincipalChanges {
  const own = [...ownProperties, ...settable];
  const { appId, accountEnabled, appRoleAssignmentRequired, tags } = readBody(
    withoutConstants(body, constants),
    own,
  );
  return {
    ...(appId !== undefined && { appId }),
    ...(accountEnabled !== undefined && { accountEnabled: readFlag(accountEnabled, 'accountEnabled') }),
    document: {
      ...(appRoleAssignmentRequired !== undefined && {
        appRoleAssignmentRequired: readFlag(appRoleAssignmentRequired, 'appRoleAssignmentRequired'),
      }),
      ...(tags !== undefined && {
        tags: readList(tags, 'tags', (tag, name) => readText(tag, name, maximumTagLength)),
      }),
    },
  };
}
