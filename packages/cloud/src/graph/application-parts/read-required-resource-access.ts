import type { RequiredResourceAccess } from '../../directory/application-document.ts';
import { badRequest, invalidValue } from '../errors/graph-error.ts';
import { readGuid, readList, readOneOf, readRecord } from '../operation/read-body.ts';

const property = 'requiredResourceAccess';
/** "Supported accounts validation": limits on APIs and permissions. */
const maximumResources = 50;
const maximumPermissions = { work: 400, personal: 200 };
const maximumPersonalPermissionsEach = 30;

/**
 * Reads what an application asks for. It is asking only, so ids need not exist: the real service takes them
 * too, and consent fails on them later.
 *
 * @throws GraphError 400
 */
export function readRequiredResourceAccess(value: unknown): RequiredResourceAccess[] {
  const entries = readList(value, property, (item) => {
    const entry = readRecord(item, property, ['resourceAppId', 'resourceAccess']);
    const resourceAppId = readGuid(entry.resourceAppId, `${property}.resourceAppId`);
    requireSome(entry.resourceAccess);
    return {
      resourceAppId,
      resourceAccess: readList(entry.resourceAccess, `${property}.resourceAccess`, readAccess),
    };
  });
  const resources = entries.map((entry) => entry.resourceAppId);
  if (new Set(resources).size < resources.length) {
    throw invalidValue(`${property}.resourceAppId`, 'Each resource may be there once.');
  }
  return entries;
}

/** A resource of which nothing is asked can't be listed. @throws GraphError 400 */
function requireSome(resourceAccess: unknown): void {
  const isMissing = resourceAccess === undefined || resourceAccess === null;
  if (!isMissing && !(Array.isArray(resourceAccess) && resourceAccess.length === 0)) return;
  throw badRequest(`Property ${property}.resourceAccess value is required but is empty or missing.`);
}

/** @throws GraphError 400 when there are more APIs or permissions than the audience allows */
export function checkRequiredResourceAccess(
  entries: readonly RequiredResourceAccess[],
  { personalAccounts }: { personalAccounts: boolean },
): void {
  if (entries.length > maximumResources) {
    throw invalidValue(property, `There are more than ${maximumResources} resources.`);
  }
  const counts = entries.map((entry) => entry.resourceAccess.length);
  const maximum = personalAccounts ? maximumPermissions.personal : maximumPermissions.work;
  if (counts.reduce((sum, count) => sum + count, 0) > maximum) {
    throw invalidValue(property, `There are more than ${maximum} permissions.`);
  }
  if (personalAccounts && counts.some((count) => count > maximumPersonalPermissionsEach)) {
    throw invalidValue(
      property,
      `A resource has more than ${maximumPersonalPermissionsEach} permissions, the most where personal Microsoft accounts sign in.`,
    );
  }
}

function readAccess(item: unknown, name: string): RequiredResourceAccess['resourceAccess'][number] {
  const access = readRecord(item, name, ['id', 'type']);
  return {
    id: readGuid(access.id, `${name}.id`),
    type: readOneOf(access.type, `${name}.type`, ['Scope', 'Role'] as const),
  };
}
