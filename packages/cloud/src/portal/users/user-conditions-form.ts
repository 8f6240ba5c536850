import { type AccessBlock, type UserConditions, userConditions } from '../../directory/user-conditions.ts';
import type { User } from '../../directory/users.ts';
import { type Html, html } from '../../web/html.ts';
import type { Parameters } from '../../web/parse-form.ts';
import type { Refusal } from '../graph/call-graph.ts';
import { choice, formTokenField, isOption, type Options, selectField } from '../pages/form-parts.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';

const passwordStates: Options<UserConditions['password']> = {
  good: 'Good',
  expired: 'Expired (AADSTS50055)',
  must_change: 'Has to be changed at the next sign-in',
};
const secondFactors: Options<UserConditions['secondFactor']> = {
  not_required: 'Not required',
  required: 'Required (AADSTS50076)',
  unregistered: 'Required, and not set up yet (AADSTS50079)',
};
const blocks: Options<AccessBlock> = {
  conditional_access: 'Blocked by Conditional Access',
  device_sign_in_required: 'Sign-in with a device required',
  device_not_compliant: 'Device not compliant',
  device_not_joined: 'Device not joined to the domain',
  app_not_approved: 'App not approved',
  policy_failed: 'A policy failed',
  external_challenge_required: 'External challenge required',
  second_factor_enrolment_blocked: 'Setting up a second factor is blocked',
  second_factor_enrolment_elsewhere: 'Second factor to be set up elsewhere',
  risky_user: 'Risky user',
  security_policy: 'Security policy',
  suspicious_activity: 'Suspicious activity',
  security_defaults: 'Security defaults',
  guest_invitation_pending: 'Invitation of a guest pending',
  tenant_restrictions: 'Tenant restrictions',
};
const oneTimeCodeForm = /^\d{6}$/;

/** The form for what stands between a person and a token. */
export function conditionsForm(visit: PortalVisit, user: User): Html {
  const { isLocked, password, secondFactor, oneTimeCode, blockedBy } = userConditions(user);
  return html`<h2>Conditions</h2>
<form method="post" action="/users/${user.id}/conditions" class="card">${formTokenField(visit)}
${choice({ type: 'checkbox', id: 'locked', name: 'locked', label: 'Account locked', hint: 'Refused with AADSTS50053.', isChecked: isLocked })}
${selectField({ id: 'password', label: 'Password', options: passwordStates, chosen: password })}
${selectField({ id: 'factor', label: 'Second factor', options: secondFactors, chosen: secondFactor })}
<div class="field"><label for="code">One-time code that the sign-in page takes</label>
<input type="text" id="code" name="code" value="${oneTimeCode}" inputmode="numeric" autocomplete="off"></div>
${selectField({ id: 'block', label: 'Kept out by', options: { '': 'Nothing', ...blocks }, chosen: blockedBy ?? '' })}
<div class="actions"><button type="submit">Save conditions</button></div></form>`;
}

/** The conditions that the form asks for, or what is wrong with them. */
export function readConditions(form: Parameters): UserConditions | Refusal {
  const password = form.get('password');
  const secondFactor = form.get('factor');
  const blockedBy = form.get('block') ?? null;
  const oneTimeCode = form.get('code') ?? '';
  if (!isOption(passwordStates, password) || !isOption(secondFactors, secondFactor)) {
    return { message: 'Choose a state of the password and of the second factor.' };
  }
  if (blockedBy !== null && !isOption(blocks, blockedBy))
    return { message: 'Choose what keeps the person out.' };
  if (!oneTimeCodeForm.test(oneTimeCode)) return { message: 'A one-time code has six digits.' };
  return { isLocked: form.has('locked'), password, secondFactor, blockedBy, oneTimeCode };
}
