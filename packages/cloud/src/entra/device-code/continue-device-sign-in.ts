import { aadsts } from '@latchkey/microsoft';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { type AccountVerdict, checkAccount } from '../accounts/check-account.ts';
import { requireAssignment } from '../accounts/judge-conditions.ts';
import { findApplicationForSignIn } from '../clients/find-client.ts';
import { acceptConsent } from '../consent/accept-consent.ts';
import { askForApproval } from '../consent/ask-for-approval.ts';
import { decideConsent } from '../consent/decide-consent.ts';
import { type ConsentSubject, gatherConsentFacts } from '../consent/gather-consent-facts.ts';
import { EntraError } from '../errors/entra-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { consentPage } from '../pages/consent-pages.ts';
import { deviceConfirmPage, deviceDonePage } from '../pages/device-pages.ts';
import { askWhoElse } from '../sign-in/ask-who.ts';
import { meetConditions } from '../sign-in/meet-conditions.ts';
import { type DeviceCode, findDeviceCodeByUserCode, moveDeviceCode } from '../stored/device-codes.ts';
import type { Session } from '../stored/sessions.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';
import type { DeviceFlow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';

/**
 * Finds a code that is waiting for a person.
 *
 * @throws EntraError 90119 nothing typed, 70018 unknown, 70019 too old, 90120 used before
 */
export function requireWaitingCode(context: PageVisit['context'], userCode: string | undefined): DeviceCode {
  if (userCode === undefined) throw new EntraError(aadsts.missingUserCode);
  const code = findDeviceCodeByUserCode(context, userCode);
  if (!code) throw new EntraError(aadsts.badVerificationCode);
  if (code.isExpired) throw new EntraError(aadsts.expiredVerificationCode);
  if (code.status !== 'pending') throw new EntraError(aadsts.userCodeAlreadyUsed);
  return code;
}

/** Goes on once it is known who signs in: confirm the app, consent where it is missing, done. */
export function continueDeviceSignIn(visit: PageVisit, flow: DeviceFlow, session: Session): Outcome {
  const { code, application, account } = readDeviceFlow(visit, flow, session);
  const { user } = session;
  if (!account.accepted) return askWhoElse(visit, flow, user.userPrincipalName, account.refusal);
  const interruption = meetConditions(visit, flow, session);
  if (interruption) return interruption;
  requireAssignment(visit.context.directory, application, account.tenant, user);
  if (tenantPolicy(visit.context.directory, account.tenant.id).deviceCode === 'blocked') {
    throw new EntraError(aadsts.blockedByConditionalAccess);
  }
  const target = visit.target('consent', { ...flow, userId: user.id });
  if (!flow.confirmed) return showPage(deviceConfirmPage(target, { application, user }));
  const { facts, requested } = gatherConsentFacts(visit.context, subjectOf(code, account, session));
  const decision = flow.consented ? { consent: 'given' as const } : decideConsent(facts, 'when_missing');
  if (decision.consent === 'administrator_needed') {
    return askForApproval(visit, flow, { application, user, requested });
  }
  if (decision.consent === 'needed') {
    const audience = decision.offersOrganization ? 'person_or_organization' : 'person';
    return showPage(consentPage(target, { application, user, requested, audience }));
  }
  const isApproved = moveDeviceCode(visit.context, code.hash, {
    from: 'pending',
    to: 'approved',
    approval: {
      tenantId: account.tenant.id,
      userId: user.id,
      sessionId: session.id,
      signedInAt: session.signedInAt,
      methods: session.methods,
    },
  });
  if (!isApproved) throw new EntraError(aadsts.userCodeAlreadyUsed);
  return showPage(deviceDonePage(application, 'approved'));
}

/** The person confirmed the app, or accepted the consent page. */
export function acceptDeviceSignIn(
  visit: PageVisit,
  flow: DeviceFlow,
  session: Session,
  { forOrganization }: { forOrganization: boolean },
): Outcome {
  if (!flow.confirmed) return continueDeviceSignIn(visit, { ...flow, confirmed: true }, session);
  const { code, account } = readDeviceFlow(visit, flow, session);
  if (!account.accepted) throw account.refusal;
  acceptConsent(
    visit.context,
    subjectOf(code, account, session),
    forOrganization ? 'organization' : 'person',
  );
  return continueDeviceSignIn(visit, { ...flow, consented: true }, session);
}

/** The person said no; the device hears `authorization_declined`. */
export function declineDeviceSignIn(visit: PageVisit, flow: DeviceFlow, session: Session): Outcome {
  const { code, application } = readDeviceFlow(visit, flow, session);
  moveDeviceCode(visit.context, code.hash, { from: 'pending', to: 'declined' });
  return showPage(deviceDonePage(application, 'declined'));
}

function readDeviceFlow({ context }: PageVisit, flow: DeviceFlow, { user }: Session) {
  const code = requireWaitingCode(context, flow.userCode);
  const scope = resolveTenant(context.directory, code.request.tenant);
  const application = findApplicationForSignIn(context.directory, code.request.clientId, scope);
  return {
    code,
    application,
    account: checkAccount(context.directory, user, scope, { application, version: code.request.version }),
  };
}

function subjectOf(
  { request }: DeviceCode,
  { tenant }: AccountVerdict & { accepted: true },
  { user }: Session,
): ConsentSubject {
  return { clientId: request.clientId, tenant, user, version: request.version, scope: request.scope };
}
