import { aadsts } from '@latchkey/microsoft';
import { findTenant } from '../../directory/tenants.ts';
import { findUserByName, type User } from '../../directory/users.ts';
import type { Parameters } from '../../web/parse-form.ts';
import { changePassword } from '../accounts/change-password.ts';
import { checkPassword } from '../accounts/check-password.ts';
import { EntraError } from '../errors/entra-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { pressedStep } from '../http/pressed-step.ts';
import { requireParameter } from '../http/require-parameter.ts';
import { newPasswordPage } from '../pages/new-password-page.ts';
import { passwordPage } from '../pages/sign-in-pages.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import { askToStay, takeStayAnswer } from './ask-to-stay.ts';
import { askWhichAccount, askWho, askWhoElse } from './ask-who.ts';
import type { FlowSteps } from './flow-steps.ts';
import { meetConditions } from './meet-conditions.ts';
import { takeAccountStep } from './take-account-step.ts';
import { takeOneTimeCode } from './take-one-time-code.ts';

/**
 * Takes the form of the name page, the password page, the account picker, or one of the pages that follow a password.
 *
 * @throws EntraError 50089 when the form is aged or not this browser's
 */
export function takeSignInForm(steps: FlowSteps, visit: PageVisit, form: Parameters): Outcome {
  const flow = visit.openFlow(requireParameter(form, 'ctx'));
  const step = pressedStep(form);
  if (step !== undefined && step !== 'new_password') return takeStep(steps, visit, flow, step, form);
  const name = form.get('loginfmt');
  return name === undefined ? askWho(visit, flow) : takePassword(steps, visit, flow, name, form);
}

/** A button besides those that send a name or a password. */
function takeStep(steps: FlowSteps, visit: PageVisit, flow: Flow, step: string, form: Parameters): Outcome {
  const picked = takeAccountStep(steps, visit, flow, step);
  if (picked) return picked;
  if (step === 'back' && visit.accounts.length > 0) return askWhichAccount(visit, flow, visit.accounts);
  // Pages that follow a password are answered by nobody but who gave it.
  const session = visit.sessionOf(flow.userId);
  if (session && step === 'code') return takeOneTimeCode(steps, visit, flow, session, form.get('otc'));
  if (session && (step === 'stay' || step === 'leave')) {
    const isLastTime = form.get('DontShowAgain') === 'true';
    return takeStayAnswer(steps, visit, flow, session, { answer: step, isLastTime });
  }
  return askWho(visit, flow);
}

function takePassword(
  steps: FlowSteps,
  visit: PageVisit,
  flow: Flow,
  name: string,
  form: Parameters,
): Outcome {
  const { directory } = visit.context;
  const tenant = findTenant(directory, flow.tenant)?.displayName ?? flow.tenant;
  const known = findUserByName(directory, name);
  if (!known)
    return askWhoElse(visit, flow, name, new EntraError(aadsts.userAccountNotFound, { user: name, tenant }));
  const password = form.get('passwd');
  const target = visit.target('login', flow);
  if (password === undefined) return showPage(passwordPage(target, known.userPrincipalName));
  const verdict = checkPassword(visit.context, { name, password, tenant });
  if (verdict.accepted) return completeSignIn(steps, visit, flow, verdict.user);
  if (verdict.reason === 'new_password_needed')
    return takeNewPassword(steps, visit, flow, verdict.user, password, form);
  if (verdict.reason === 'password') {
    return showPage(passwordPage(target, known.userPrincipalName, verdict.refusal));
  }
  return askWhoElse(visit, flow, name, verdict.refusal);
}

function takeNewPassword(
  steps: FlowSteps,
  visit: PageVisit,
  flow: Flow,
  user: User,
  old: string,
  form: Parameters,
): Outcome {
  const target = visit.target('login', flow);
  const wanted = form.get('newpass');
  if (wanted === undefined) return showPage(newPasswordPage(target, user));
  const repeated = form.get('confirmpass') ?? '';
  const problem = changePassword(visit.context, user, { old, wanted, repeated });
  return problem
    ? showPage(newPasswordPage(target, user, problem))
    : completeSignIn(steps, visit, flow, user);
}

function completeSignIn(steps: FlowSteps, visit: PageVisit, flow: Flow, user: User): Outcome {
  const session = visit.signIn(user);
  const begun: Flow = { ...flow, hasJustSignedIn: true };
  return meetConditions(visit, begun, session) ?? askToStay(steps, visit, begun, session);
}
