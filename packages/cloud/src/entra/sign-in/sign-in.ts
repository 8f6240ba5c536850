import { findTenant } from '../../directory/tenants.ts';
import { findUserByName, passwordMatches } from '../../directory/users.ts';
import { EntraError } from '../errors/entra-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import type { PageVisit } from '../http/page-visit.ts';
import { type Parameters, requireParameter } from '../http/parse-form.ts';
import { passwordPage } from '../pages/sign-in-pages.ts';
import { askWho, askWhoElse } from './ask-who.ts';
import type { Flow } from './flow.ts';
import { continueFlow } from './take-flow-step.ts';

/**
 * Takes the form of the name page, the password page or the account picker.
 *
 * @throws EntraError 50089 when the form is aged or not this browser's
 */
export function takeSignInForm(visit: PageVisit, form: Parameters): Outcome {
  const flow = visit.openFlow(requireParameter(form, 'ctx'));
  const step = form.get('step');
  const { session } = visit;
  if (step === 'session' && session && session.user.id === flow.userId) {
    return continueFlow(visit, flow, session);
  }
  const name = form.get('loginfmt');
  if (step === 'back' || step === 'other' || step === 'session' || name === undefined) {
    return askWho(visit, flow);
  }
  return checkPassword(visit, flow, name, form.get('passwd'));
}

function checkPassword(visit: PageVisit, flow: Flow, name: string, password: string | undefined): Outcome {
  const { directory } = visit.context;
  const user = findUserByName(directory, name);
  if (!user) {
    const tenant = findTenant(directory, flow.tenant)?.displayName ?? flow.tenant;
    return askWhoElse(visit, flow, name, new EntraError(50034, { user: name, tenant }));
  }
  const target = visit.target('login', flow);
  if (password === undefined) return showPage(passwordPage(target, user.userPrincipalName));
  if (!passwordMatches(directory, user.id, password)) {
    return showPage(passwordPage(target, user.userPrincipalName, new EntraError(50126)));
  }
  if (!user.enabled) return askWhoElse(visit, flow, name, new EntraError(50057));
  return continueFlow(visit, flow, visit.signIn(user));
}
