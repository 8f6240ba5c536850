import type { ServicePrincipal } from '../../directory/service-principals.ts';
import { isFlag, isText, listOf } from '../../ground/read-row.ts';
import { readKeyCredentials } from '../credentials/read-key-credentials.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { mergeProperties } from '../operation/property-table.ts';

const isTexts = listOf(isText);

/** What of a service principal a create or an update decides. */
export type OwnPart = Pick<ServicePrincipal, 'displayName' | 'accountEnabled'> & {
  document: Pick<
    ServicePrincipal['document'],
    'tags' | 'appRoleAssignmentRequired' | 'keyCredentials' | 'properties'
  >;
};

/**
 * Sorts the properties of a body, which were read by their table, by where the directory keeps them.
 *
 * @param kept what was kept before
 * @throws GraphError 400 for certificates that can't be taken
 */
export function mergeOwnPart<T extends OwnPart>(kept: T, given: GraphResource): T {
  const { displayName, accountEnabled, appRoleAssignmentRequired, tags, keyCredentials, ...others } = given;
  const { appId: _appId, passwordCredentials: _secrets, ...rest } = others;
  const properties = mergeProperties(kept.document.properties ?? {}, rest);
  return {
    ...kept,
    ...(isText(displayName) && { displayName }),
    ...(isFlag(accountEnabled) && { accountEnabled }),
    document: {
      ...kept.document,
      ...(isFlag(appRoleAssignmentRequired) && { appRoleAssignmentRequired }),
      ...(isTexts(tags) && { tags }),
      ...(keyCredentials !== undefined && {
        keyCredentials: readKeyCredentials(keyCredentials, kept.document.keyCredentials ?? []),
      }),
      ...(Object.keys(properties).length > 0 && { properties }),
    },
  };
}
