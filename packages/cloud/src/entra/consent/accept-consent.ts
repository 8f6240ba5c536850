import { aadsts } from '@latchkey/microsoft';
import { recordConsent } from '../../directory/record-consent.ts';
import { findClient } from '../clients/find-client.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { type ConsentSubject, gatherConsentFacts } from './gather-consent-facts.ts';

/** For whom the consent was given: the person, everybody by the checkbox, or everybody with all that is listed. */
export type ConsentReach = 'person' | 'organization' | 'organization_with_roles';

/**
 * Stores what a person accepted. The form is not trusted: what is asked and what they may give is found out anew.
 *
 * @throws EntraError 90094 when they may not give it for themselves, 90093 when not for everybody
 */
export function acceptConsent(context: EntraContext, subject: ConsentSubject, reach: ConsentReach): void {
  const { application } = findClient(context.directory, subject.clientId, subject.tenant);
  const { facts, requested } = gatherConsentFacts(context, subject);
  const isAllowed = {
    person: facts.mayConsent || !facts.needsAdministrator,
    organization: facts.mayConsent,
    organization_with_roles: facts.mayConsentToAll,
  }[reach];
  if (!isAllowed) {
    throw new EntraError(reach === 'person' ? aadsts.adminConsentRequired : aadsts.graphUserUnauthorized, {
      name: application.displayName,
    });
  }
  recordConsent(context.directory, {
    application,
    user: subject.user,
    requested,
    forOrganization: reach !== 'person',
    roles: reach === 'organization_with_roles' ? 'granted' : 'left_out',
  });
}
