import { aadsts } from '@latchkey/microsoft';
import type { RequestedPermissions } from '../../directory/record-consent.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { checkAccount } from '../accounts/check-account.ts';
import { requireAssignment, requireConditions } from '../accounts/judge-conditions.ts';
import { clientInfo } from '../claims/id-token-claims.ts';
import { acceptConsent } from '../consent/accept-consent.ts';
import { askForApproval } from '../consent/ask-for-approval.ts';
import { type ConsentPrompt, decideConsent } from '../consent/decide-consent.ts';
import { type ConsentSubject, gatherConsentFacts } from '../consent/gather-consent-facts.ts';
import { EntraError } from '../errors/entra-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { adminApprovalPage, type ConsentAudience, consentPage } from '../pages/consent-pages.ts';
import { answerApp, refuseApp } from '../redirects/answer-app.ts';
import { findReturnAddress, type ReturnAddress } from '../redirects/find-return-address.ts';
import { askWhoElse } from '../sign-in/ask-who.ts';
import { meetConditions } from '../sign-in/meet-conditions.ts';
import { createAuthorizationCode } from '../stored/authorization-codes.ts';
import { noteSignedInApp } from '../stored/session-apps.ts';
import type { Session } from '../stored/sessions.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';
import type { AuthorizeFlow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import { type AuthorizationRequest, readAuthorizationRequest } from './authorization-request.ts';
import { makeAccessToken } from './make-access-token.ts';
import { makeIdToken } from './make-id-token.ts';

/** Goes on once it is known who signs in: asks for consent where it is missing, else sends the code. */
export function continueAuthorization(visit: PageVisit, flow: AuthorizeFlow, session: Session): Outcome {
  return withinRequest(visit, flow, (request, scope) => {
    const { user } = session;
    const account = checkAccount(visit.context.directory, user, scope, request);
    if (!account.accepted) {
      if (request.prompts.has('none')) throw new EntraError(aadsts.interactionRequired, account.facts);
      return askWhoElse(visit, flow, user.userPrincipalName, account.refusal);
    }
    requireAssignment(visit.context.directory, request.application, account.tenant, user);
    if (request.prompts.has('none')) {
      const { methods } = session;
      requireConditions(visit.context, { tenant: account.tenant, user, methods, scope: request.scope });
    }
    const interruption = meetConditions(visit, flow, session);
    if (interruption) return interruption;
    const { facts, requested } = gatherConsentFacts(
      visit.context,
      subjectOf(request, account.tenant, session),
    );
    const prompt = consentPrompt(request);
    const decision = flow.consented ? { consent: 'given' as const } : decideConsent(facts, prompt);
    if (decision.consent === 'given') return sendAnswer(visit, request, account.tenant, session);
    if (request.prompts.has('none')) throw missingConsent(request);

    const target = visit.target('consent', { ...flow, userId: user.id });
    const { application } = request;
    if (decision.consent === 'administrator_needed') {
      return prompt === 'organization'
        ? showPage(adminApprovalPage(target, { application, user }))
        : askForApproval(visit, flow, { application, user, requested });
    }
    const audience = audienceOf(prompt, decision.offersOrganization);
    return showPage(
      consentPage(target, { application, user, requested: shownPermissions(requested, audience), audience }),
    );
  });
}

/** The person accepted the consent page. */
export function acceptAuthorization(
  visit: PageVisit,
  flow: AuthorizeFlow,
  session: Session,
  { forOrganization }: { forOrganization: boolean },
): Outcome {
  return withinRequest(visit, flow, (request, scope) => {
    const account = checkAccount(visit.context.directory, session.user, scope, request);
    if (!account.accepted) throw account.refusal;
    const widened = forOrganization ? 'organization' : 'person';
    const reach = consentPrompt(request) === 'organization' ? 'organization_with_roles' : widened;
    acceptConsent(visit.context, subjectOf(request, account.tenant, session), reach);
    return continueAuthorization(visit, { ...flow, consented: true }, session);
  });
}

/** The person pressed Cancel (65004), or went back from "Need admin approval" (90094) or "Approval required" (90095). */
export function declineAuthorization(
  visit: PageVisit,
  flow: AuthorizeFlow,
  { user }: Session,
  reason: 'declined' | 'unapproved',
): Outcome {
  return withinRequest(visit, flow, (request) => {
    const { adminConsentRequests } = tenantPolicy(visit.context.directory, user.tenantId);
    const unapproved =
      adminConsentRequests === 'on' ? aadsts.adminConsentRequestRequired : aadsts.adminConsentRequired;
    const error = new EntraError(reason === 'declined' ? aadsts.userDeclinedConsent : unapproved, {
      name: request.application.displayName,
    });
    return refuseApp(request, error, visit.trace, { error_subcode: 'cancel' });
  });
}

/** Reads the request of a flow anew and sends what goes wrong in `work` to the app. */
function withinRequest(
  visit: PageVisit,
  flow: AuthorizeFlow,
  work: (request: AuthorizationRequest, scope: ReturnType<typeof resolveTenant>) => Outcome,
): Outcome {
  const { directory } = visit.context;
  const scope = resolveTenant(directory, flow.tenant);
  const parameters = new Map(flow.parameters);
  const address: ReturnAddress = findReturnAddress(directory, flow.version, scope, parameters);
  try {
    return work(readAuthorizationRequest(address, parameters), scope);
  } catch (error) {
    if (error instanceof EntraError) return refuseApp(address, error, visit.trace);
    throw error;
  }
}

function sendAnswer(
  visit: PageVisit,
  request: AuthorizationRequest,
  tenant: Tenant,
  session: Session,
): Outcome {
  const { responseTypes } = request;
  noteSignedInApp(visit.context.directory, session.id, request.application.appId, tenant.id);
  const code = responseTypes.has('code') ? createCode(visit, request, tenant, session) : undefined;
  const accessToken =
    responseTypes.has('token') && request.scope !== null
      ? makeAccessToken(visit, request, { tenant, session, scope: request.scope })
      : undefined;
  return answerApp(request, {
    code,
    ...accessToken,
    id_token: responseTypes.has('id_token')
      ? makeIdToken(visit, request, { tenant, session, code, accessToken: accessToken?.access_token })
      : undefined,
    client_info: request.wantsClientInfo ? clientInfo(session.user) : undefined,
    session_state: session.id,
    admin_consent: consentPrompt(request) === 'organization' ? 'True' : undefined,
  });
}

function createCode(
  { context }: PageVisit,
  request: AuthorizationRequest,
  tenant: Tenant,
  session: Session,
): string {
  return createAuthorizationCode(context, {
    clientId: request.application.appId,
    tenantId: tenant.id,
    userId: session.user.id,
    sessionId: session.id,
    signedInAt: session.signedInAt,
    methods: session.methods,
    scope: request.scope,
    isOpenId: request.isOpenId,
    nonce: request.nonce,
    requestedClaims: request.requestedClaims,
    platform: request.platform,
    redirectUri: request.redirectUri,
    namesRedirectUri: request.namesRedirectUri,
    challenge: request.challenge,
  });
}

function consentPrompt({ prompts }: AuthorizationRequest): ConsentPrompt {
  if (prompts.has('admin_consent')) return 'organization';
  return prompts.has('consent') ? 'forced' : 'when_missing';
}

function audienceOf(prompt: ConsentPrompt, offersOrganization: boolean): ConsentAudience {
  if (prompt === 'organization') return 'organization';
  return offersOrganization ? 'person_or_organization' : 'person';
}

// Application permissions concern no person, so they are shown to administrators who consent for all.
function shownPermissions(
  requested: readonly RequestedPermissions[],
  audience: ConsentAudience,
): readonly RequestedPermissions[] {
  return audience === 'organization'
    ? requested
    : requested.filter((permissions) => permissions.scopes.length > 0);
}

function subjectOf(request: AuthorizationRequest, tenant: Tenant, { user }: Session): ConsentSubject {
  return {
    clientId: request.application.appId,
    tenant,
    user,
    version: request.version,
    scope: request.scope,
  };
}

function missingConsent({ application }: AuthorizationRequest): EntraError {
  return new EntraError(aadsts.consentRequired, { appId: application.appId, name: application.displayName });
}
