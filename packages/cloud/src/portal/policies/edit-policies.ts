import {
  isAccessTokenLife,
  setTenantPolicy,
  type TenantPolicy,
  tenantPolicy,
} from '../../directory/tenant-policy.ts';
import { accessDenied } from '../../graph/errors/graph-error.ts';
import { type Html, html } from '../../web/html.ts';
import type { Parameters } from '../../web/parse-form.ts';
import type { Refusal } from '../graph/call-graph.ts';
import { staleRefusal, versionField } from '../http/stale-form.ts';
import {
  formTokenField,
  goodNotice,
  isOption,
  type Options,
  plainNotice,
  refusalNotice,
  selectField,
  textField,
} from '../pages/form-parts.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';

const path = '/policies';

/** What administrators decide for everybody in the directory. */
export const policyRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showPolicies(visit) },
  { method: 'POST', path, handle: savePolicies },
];

const userConsents: Options<TenantPolicy['userConsent']> = {
  allowed: 'Allowed',
  off: 'Only administrators consent (AADSTS90094)',
};
const consentRequests: Options<TenantPolicy['adminConsentRequests']> = {
  off: 'Off',
  on: 'People can ask administrators (AADSTS90095)',
};
const deviceCodes: Options<TenantPolicy['deviceCode']> = {
  allowed: 'Allowed',
  blocked: 'Blocked by Conditional Access (AADSTS53003)',
};
const newSecrets: Options<TenantPolicy['clientSecrets']> = {
  allowed: 'Allowed',
  forbidden: 'Forbidden by an app management policy',
};
const staying: Options<TenantPolicy['staySignedIn']> = {
  asked: 'Asked after a sign-in',
  not_asked: 'Not asked',
};
const reuses: Options<TenantPolicy['refreshTokenReuse']> = {
  allowed: 'Allowed, as Microsoft does',
  ends_grant: 'Ends all that the sign-in gave (AADSTS70000)',
};

function savePolicies(visit: PortalVisit): PortalAnswer {
  if (!mayDecide(visit)) throw accessDenied();
  const { context, session, form } = visit;
  const stale = staleRefusal(visit, tenantPolicy(context.directory, session.tenant.id));
  if (stale) return showPolicies(visit, stale);
  const changes = readPolicies(form);
  if ('message' in changes) return showPolicies(visit, changes);
  setTenantPolicy(context.directory, session.tenant.id, changes);
  return goTo(`${path}?done=saved`);
}

function readPolicies(form: Parameters): Partial<TenantPolicy> | Refusal {
  const [userConsent, adminConsentRequests, deviceCode, clientSecrets, staySignedIn, refreshTokenReuse] = [
    'userConsent',
    'adminConsentRequests',
    'deviceCode',
    'clientSecrets',
    'staySignedIn',
    'refreshTokenReuse',
  ].map((name) => form.get(name));
  if (
    !isOption(userConsents, userConsent) ||
    !isOption(consentRequests, adminConsentRequests) ||
    !isOption(deviceCodes, deviceCode) ||
    !isOption(newSecrets, clientSecrets) ||
    !isOption(staying, staySignedIn) ||
    !isOption(reuses, refreshTokenReuse)
  ) {
    return { message: 'Choose one of the values of each policy.' };
  }
  const [signInFrequencyHours, longestSecretDays, accessTokenMinutes] = [
    'signInFrequencyHours',
    'longestSecretDays',
    'accessTokenMinutes',
  ].map((name) => readNumber(form.get(name)));
  if (
    signInFrequencyHours === undefined ||
    longestSecretDays === undefined ||
    accessTokenMinutes === undefined
  ) {
    return { message: 'Hours, days and minutes are numbers above zero, or empty.' };
  }
  if (accessTokenMinutes !== null && !isAccessTokenLife(accessTokenMinutes)) {
    return { message: 'Access tokens live from 10 minutes to a day (1440).' };
  }
  return {
    userConsent,
    adminConsentRequests,
    deviceCode,
    clientSecrets,
    staySignedIn,
    refreshTokenReuse,
    signInFrequencyHours,
    longestSecretDays,
    accessTokenMinutes,
  };
}

/** Null for none, undefined for what is no number above zero. */
function readNumber(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

function showPolicies(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const { context, session } = visit;
  return showPage({
    title: 'Policies',
    area: 'policies',
    trail: [{ title: 'Home', path: '/' }],
    body: html`${refusalNotice(refusal)}
${goodNotice(visit.query.get('done') === 'saved' ? 'The policies were saved.' : undefined)}
<p>What was decided for everybody in ${session.tenant.displayName}. The real portal spreads this over several pages:
Consent and permissions, Conditional Access, app management, company branding.</p>
${
  mayDecide(visit)
    ? policyForm(visit, tenantPolicy(context.directory, session.tenant.id))
    : plainNotice('Only a Global Administrator can see and change the policies.')
}`,
  });
}

function policyForm(visit: PortalVisit, policy: TenantPolicy): Html {
  const select = (name: keyof TenantPolicy, label: string, options: Options<string>) =>
    selectField({ id: name, label, options, chosen: visit.form.get(name) ?? String(policy[name]) });
  const number = (name: keyof TenantPolicy, label: string, hint: string) =>
    textField({ id: name, label, hint, value: visit.form.get(name) ?? String(policy[name] ?? '') });
  return html`<form method="post" action="${path}" class="card">${formTokenField(visit)}${versionField(policy)}
${select('userConsent', 'User consent for applications', userConsents)}
${select('adminConsentRequests', 'Admin consent requests', consentRequests)}
${select('deviceCode', 'Device code flow', deviceCodes)}
${select('staySignedIn', '"Stay signed in?"', staying)}
${number('signInFrequencyHours', 'Sign-in frequency, in hours', 'After them a person signs in anew (AADSTS70043). Empty: never by policy.')}
${number('accessTokenMinutes', 'Life of access tokens, in minutes', 'Empty: a random one between 60 and 90.')}
${select('refreshTokenReuse', 'A refresh token that is used again', reuses)}
${select('clientSecrets', 'New client secrets', newSecrets)}
${number('longestSecretDays', 'Longest life of a new client secret, in days', 'Empty: no limit.')}
<div class="actions"><button type="submit">Save</button></div></form>`;
}

function mayDecide({ session }: PortalVisit): boolean {
  return session.user.directoryRoles.includes('Global Administrator');
}
