import type { Licence, User } from '../../directory/users.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

/** Source: "Product names and service plan identifiers for licensing". */
const skuIds: Readonly<Record<Licence, string>> = {
  'dynamics-365-sales': '1e1a282c-9c54-43a2-9310-98ef728faace',
};

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
  properties: [
    ...defaultProperties,
    'accountEnabled',
    'assignedLicenses',
    'signInSessionsValidFromDateTime',
    'userType',
  ],
  searchable: ['displayName', 'givenName', 'surname', 'mail', 'userPrincipalName'],
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
    assignedLicenses: user.licences.map((licence) => ({ disabledPlans: [], skuId: skuIds[licence] })),
    signInSessionsValidFromDateTime:
      user.tokensValidFrom === 0 ? null : new Date(user.tokensValidFrom).toISOString(),
    userType: 'Member',
  };
}
