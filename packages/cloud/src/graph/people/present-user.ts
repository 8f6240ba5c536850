import type { User } from '../../directory/users.ts';
import type { GraphResource } from '../graph-operation.ts';
import type { ResourceType } from '../query/resource-type.ts';

const defaultProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

/** A user answers these without `$select`; the others only when asked for. */
export const userType: ResourceType = {
  name: 'user',
  properties: [...defaultProperties, 'accountEnabled', 'userType'],
  defaultProperties,
};

export function presentUser(user: User): GraphResource {
  return {
    businessPhones: [],
    displayName: user.displayName,
    givenName: user.givenName,
    jobTitle: user.jobTitle,
    mail: user.mail,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: user.surname,
    userPrincipalName: user.userPrincipalName,
    id: user.id,
    accountEnabled: user.enabled,
    userType: 'Member',
  };
}
