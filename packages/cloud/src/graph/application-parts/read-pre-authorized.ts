import { readGuid, readList, readRecord } from '../operation/read-body.ts';

/** Reads the clients that an API lets in without consent. @throws GraphError 400 */
export function readPreAuthorizedApplications(value: unknown, property: string) {
  return readList(value, property, (item) => {
    const entry = readRecord(item, property, ['appId', 'delegatedPermissionIds']);
    return {
      appId: readGuid(entry.appId, `${property}.appId`),
      delegatedPermissionIds: readList(entry.delegatedPermissionIds, property, readGuid),
    };
  });
}
