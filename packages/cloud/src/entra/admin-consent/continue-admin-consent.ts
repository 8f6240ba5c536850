import { aadsts } from '@latchkey/microsoft';
import { mayGrantRoles } from '../../directory/administrator-roles.ts';
import { recordConsent } from '../../directory/record-consent.ts';
import type { Tenant } from '../../directory/tenants.ts';
import type { Parameters } from '../../web/parse-form.ts';
import { checkAccount } from '../accounts/check-account.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { requireParameter } from '../http/require-parameter.ts';
import { adminApprovalPage, consentPage } from '../pages/consent-pages.ts';
import { answerApp, refuseApp } from '../redirects/answer-app.ts';
import { findReturnAddress, type ReturnAddress } from '../redirects/find-return-address.ts';
import { askWhoElse } from '../sign-in/ask-who.ts';
import { chooseAccount } from '../sign-in/choose-account.ts';
import { meetConditions } from '../sign-in/meet-conditions.ts';
import type { Session } from '../stored/sessions.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';
import type { AdminConsentFlow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import { requestedForOrganization } from './requested-for-organization.ts';

/** On refusal too: callers have to look at `error`, never at this. */
const refusedMark = { admin_consent: 'True' };

/**
 * Takes a request to an adminconsent endpoint. It grants for the whole tenant and sends no code.
 *
 * @throws EntraError for what is shown on a page: client, redirect URI and tenant as at authorize, 900144 no scope
 * (v2), 90130 a tenant scope that can't be administered
 */
export function startAdminConsent(
  visit: PageVisit,
  version: EndpointVersion,
  tenant: string,
  parameters: Parameters,
): Outcome {
  const flow: AdminConsentFlow = {
    kind: 'admin_consent',
    version,
    tenant,
    parameters: [...parameters],
  };
  const { address } = readAdminConsent(visit, flow);
  const scope = resolveTenant(visit.context.directory, tenant);
  const choice = chooseAccount(visit, flow, { scope, ...address });
  return choice.by === 'session' ? continueAdminConsent(visit, flow, choice.session) : choice.outcome;
}

/** Goes on once it is known who signs in: an administrator is shown the page, others that one is needed. */
export function continueAdminConsent(visit: PageVisit, flow: AdminConsentFlow, session: Session): Outcome {
  return withinRequest(visit, flow, session, ({ address, tenant, scope }) => {
    const { application } = address;
    const requested = requestedForOrganization(visit.context, { application, tenant, scope });
    const target = visit.target('consent', { ...flow, userId: session.user.id });
    if (!mayGrantRoles(session.user, requested)) {
      return showPage(adminApprovalPage(target, { application, user: session.user }));
    }
    return showPage(
      consentPage(target, { application, user: session.user, requested, audience: 'organization' }),
    );
  });
}

/** The administrator accepted. */
export function acceptAdminConsent(visit: PageVisit, flow: AdminConsentFlow, session: Session): Outcome {
  return withinRequest(visit, flow, session, ({ address, tenant, scope }) => {
    const { application } = address;
    const { user } = session;
    const requested = requestedForOrganization(visit.context, { application, tenant, scope });
    if (!mayGrantRoles(user, requested))
      throw new EntraError(aadsts.adminConsentRequired, { name: application.displayName });
    recordConsent(visit.context.directory, {
      application,
      user,
      requested,
      forOrganization: true,
      roles: 'granted',
    });
    return answerApp(address, {
      admin_consent: 'True',
      tenant: tenant.id,
      ...(scope !== null && { scope }),
    });
  });
}

/** Cancel on the page (65004), or back from "Need admin approval" (90094). */
export function declineAdminConsent(
  visit: PageVisit,
  flow: AdminConsentFlow,
  _session: Session,
  reason: 'declined' | 'unapproved',
): Outcome {
  const { address } = readAdminConsent(visit, flow);
  const error =
    reason === 'declined'
      ? new EntraError(aadsts.userDeclinedConsent)
      : new EntraError(aadsts.adminConsentRequired, { name: address.application.displayName });
  return refuseApp(address, error, visit.trace, { ...refusedMark, error_subcode: 'cancel' });
}

interface AdminConsentRequest {
  address: ReturnAddress;
  scope: string | null;
}

function readAdminConsent({ context }: PageVisit, flow: AdminConsentFlow): AdminConsentRequest {
  const parameters = new Map(flow.parameters);
  const scope = resolveTenant(context.directory, flow.tenant);
  const address = findReturnAddress(context.directory, flow.version, scope, parameters);
  if (scope.kind === 'consumers' || (scope.kind === 'common' && flow.version !== 1)) {
    const { appId, displayName } = address.application;
    throw new EntraError(aadsts.notForCommonOrConsumers, { appId, name: displayName, resource: '' });
  }
  return { address, scope: flow.version === 1 ? null : requireParameter(parameters, 'scope') };
}

function withinRequest(
  visit: PageVisit,
  flow: AdminConsentFlow,
  session: Session,
  work: (request: AdminConsentRequest & { tenant: Tenant }) => Outcome,
): Outcome {
  const { directory } = visit.context;
  const { user } = session;
  const request = readAdminConsent(visit, flow);
  try {
    const account = checkAccount(directory, user, resolveTenant(directory, flow.tenant), request.address);
    if (!account.accepted) return askWhoElse(visit, flow, user.userPrincipalName, account.refusal);
    return meetConditions(visit, flow, session) ?? work({ ...request, tenant: account.tenant });
  } catch (error) {
    if (error instanceof EntraError) return refuseApp(request.address, error, visit.trace, refusedMark);
    throw error;
  }
}
