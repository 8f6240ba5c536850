import type { AppRole, PermissionScope } from '../../directory/application-document.ts';
import { invalidValue } from '../errors/graph-error.ts';
import {
  readFlag,
  readGuid,
  readList,
  readOneOf,
  readRecord,
  readText,
  readTextOrNull,
} from '../operation/read-body.ts';

const maximumValueLength = 120;
const maximumNameLength = 100;
const maximumDescriptionLength = 1000;

/** Reads the delegated permissions that an application offers as an API. @throws GraphError 400 */
export function readPermissionScopes(value: unknown): PermissionScope[] {
  const property = 'api.oauth2PermissionScopes';
  const scopes = readList(value, property, (item) => {
    const scope = readRecord(item, property, [
      'id',
      'value',
      'type',
      'isEnabled',
      'adminConsentDisplayName',
      'adminConsentDescription',
      'userConsentDisplayName',
      'userConsentDescription',
      'origin',
    ]);
    const text = (name: string, maximum: number) => readText(scope[name], `${property}.${name}`, maximum);
    const textOrNull = (name: string, maximum: number) =>
      readTextOrNull(scope[name] ?? null, `${property}.${name}`, maximum);
    return {
      id: readGuid(scope.id, `${property}.id`),
      value: text('value', maximumValueLength),
      type: readOneOf(scope.type ?? 'User', `${property}.type`, ['User', 'Admin'] as const),
      isEnabled: readFlag(scope.isEnabled ?? true, `${property}.isEnabled`),
      adminConsentDisplayName: text('adminConsentDisplayName', maximumNameLength),
      adminConsentDescription: text('adminConsentDescription', maximumDescriptionLength),
      userConsentDisplayName: textOrNull('userConsentDisplayName', maximumNameLength),
      userConsentDescription: textOrNull('userConsentDescription', maximumDescriptionLength),
    };
  });
  refuseDuplicates(scopes, property);
  return scopes;
}

/** Reads the application permissions that an application offers as an API. @throws GraphError 400 */
export function readAppRoles(value: unknown): AppRole[] {
  const property = 'appRoles';
  const roles = readList(value, property, (item) => {
    const role = readRecord(item, property, [
      'id',
      'value',
      'displayName',
      'description',
      'allowedMemberTypes',
      'isEnabled',
      'origin',
    ]);
    return {
      id: readGuid(role.id, `${property}.id`),
      value: readText(role.value, `${property}.value`, maximumValueLength),
      displayName: readText(role.displayName, `${property}.displayName`, maximumNameLength),
      description: readText(role.description, `${property}.description`, maximumDescriptionLength),
      allowedMemberTypes: readList(role.allowedMemberTypes, `${property}.allowedMemberTypes`, (type, name) =>
        readOneOf(type, name, ['Application', 'User'] as const),
      ),
      isEnabled: readFlag(role.isEnabled ?? true, `${property}.isEnabled`),
      origin: 'Application',
    };
  });
  refuseDuplicates(roles, property);
  return roles;
}

function refuseDuplicates(permissions: readonly { id: string; value: string }[], property: string): void {
  for (const name of ['id', 'value'] as const) {
    if (new Set(permissions.map((permission) => permission[name])).size < permissions.length) {
      throw invalidValue(
        `${property}.${name}`,
        'It contains a duplicate value. Please provide unique values.',
      );
    }
  }
}
