import type { Licence, User } from '../../directory/users.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { presentMoment, presentSecond } from '../operation/present-moment.ts';
import { presentProperties, toResourceType } from '../operation/property-table.ts';
import { securityIdentifierOf } from './security-identifier.ts';
import { userProperties } from './user-properties.ts';

/** Source: "Product names and service plan identifiers for licensing". */
const skuIds: Readonly<Record<Licence, string>> = {
  'dynamics-365-sales': '1e1a282c-9c54-43a2-9310-98ef728faace',
};

/** A user answers some properties without `$select`; the others only when asked for. */
export const userType = toResourceType('user', userProperties, {
  searchable: ['displayName', 'givenName', 'surname', 'mail', 'userPrincipalName'],
});

export function presentUser(user: User): GraphResource {
  const { createdAt, properties = {} } = user;
  const validFrom = user.tokensValidFrom || createdAt;
  const signInSessionsValidFromDateTime = momentOrNull(validFrom);
  return presentProperties(userProperties, {
    ...properties,
    displayName: user.displayName,
    givenName: user.givenName,
    jobTitle: user.jobTitle,
    mail: user.mail,
    surname: user.surname,
    userPrincipalName: user.userPrincipalName,
    id: user.id,
    accountEnabled: user.enabled,
    assignedLicenses: user.licences.map((licence) => ({ disabledPlans: [], skuId: skuIds[licence] })),
    createdDateTime: createdAt === undefined ? null : presentSecond(createdAt),
    identities: [
      {
        signInType: 'userPrincipalName',
        issuer: user.userPrincipalName.split('@').at(-1),
        issuerAssignedId: user.userPrincipalName,
      },
    ],
    lastPasswordChangeDateTime: momentOrNull(user.passwordChangedAt ?? createdAt),
    legalAgeGroupClassification: classifyAge(properties),
    proxyAddresses: user.mail === null ? [] : [`SMTP:${user.mail}`],
    refreshTokensValidFromDateTime: signInSessionsValidFromDateTime,
    securityIdentifier: securityIdentifierOf(user.id),
    signInSessionsValidFromDateTime,
  });
}

const minors: Readonly<Record<string, string>> = {
  Granted: 'MinorWithParentalConsent',
  Denied: 'MinorWithoutParentalConsent',
  NotRequired: 'MinorNoParentalConsentRequired',
};

/** The one property that follows from two others ("Legal age group property definitions"). */
function classifyAge({ ageGroup, consentProvidedForMinor }: GraphResource): string | null {
  if (ageGroup === 'Minor') return minors[String(consentProvidedForMinor)] ?? null;
  return typeof ageGroup === 'string' ? ageGroup : null;
}

function momentOrNull(time: number | undefined): string | null {
  return time === undefined ? null : presentMoment(time);
}
