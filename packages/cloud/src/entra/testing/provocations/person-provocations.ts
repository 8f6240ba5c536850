import { wellKnownIds } from '@latchkey/microsoft';
import { seededPassword, seededUsers } from '../../../directory/seed-contoso.ts';
import {
  findServicePrincipalByAppId,
  updateServicePrincipal,
} from '../../../directory/service-principals.ts';
import type { AccessBlock, UserConditions } from '../../../directory/user-conditions.ts';
import { updateUserProfile } from '../../../directory/users.ts';
import { signIn, type TestEntra } from '../open-test-entra.ts';
import { crmScope } from '../sign-in-for-code.ts';
import {
  askAppToken,
  openAuthorize,
  type Provocation,
  putCondition,
  type Refusal,
  readShown,
  salesperson,
  signInAsSalesperson,
} from './provocation.ts';

/** What keeps people out, with what an administrator would have set up for it. */
const blocks: readonly [code: number, block: AccessBlock, what: string][] = [
  [50097, 'device_sign_in_required', 'a device that is signed in'],
  [50131, 'policy_failed', 'a policy that fails'],
  [50158, 'external_challenge_required', "another provider's challenge"],
  [53000, 'device_not_compliant', 'a compliant device'],
  [53001, 'device_not_joined', 'a device that is joined to the domain'],
  [53002, 'app_not_approved', 'an approved app'],
  [53003, 'conditional_access', 'a Conditional Access policy that blocks'],
  [53004, 'second_factor_enrolment_blocked', 'a second factor that a risk keeps from being set up'],
  [53010, 'second_factor_enrolment_elsewhere', 'a second factor that can be set up elsewhere only'],
  [53011, 'risky_user', 'a person at risk'],
  [530032, 'security_policy', 'a security policy that blocks'],
  [530034, 'suspicious_activity', 'suspicious activity'],
  [530035, 'security_defaults', 'the security defaults'],
  [50014, 'guest_invitation_pending', 'a guest who has not accepted'],
];

/** Refresh tokens live on when a password ends. */
const toPasswords = ', then use the password grant or sign in.';

/** Codes about the person, their password and what policies ask of them. */
export const personProvocations: readonly Provocation[] = [
  {
    code: 50034,
    how: 'Sign in with a name that is not in the directory.',
    provoke: (entra) => askForPassword(entra, { username: 'nobody@contoso.onmicrosoft.com' }),
  },
  {
    code: 50126,
    how: 'Sign in with a wrong password.',
    provoke: (entra) => askForPassword(entra, { password: 'wrong' }),
  },
  {
    code: 50053,
    how: "Set the user's condition `isLocked`, or type ten wrong passwords.",
    provoke: async (entra) => {
      for (let count = 0; count < 10; count += 1) await askForPassword(entra, { password: 'wrong' });
      return askForPassword(entra);
    },
  },
  {
    code: 50057,
    how: 'Disable the user, then sign in or refresh.',
    provoke: (entra) => {
      updateUserProfile(entra.context.directory, salesperson(entra).id, { enabled: false });
      return askForPassword(entra);
    },
  },
  ...conditionProvocations([
    [50055, "Set the user's condition `password: expired`", { password: 'expired' }, toPasswords],
    [50144, "Set the user's condition `password: must_change`", { password: 'must_change' }, toPasswords],
    [50076, "Set the user's condition `secondFactor: required`.", { secondFactor: 'required' }],
    [50079, "Set the user's condition `secondFactor: unregistered`.", { secondFactor: 'unregistered' }],
    ...blocks.map(
      ([code, blockedBy, what]): ConditionCase => [
        code,
        `Set the user's condition \`blockedBy: ${blockedBy}\`: ${what}.`,
        { blockedBy },
      ],
    ),
  ]),
  {
    code: 500021,
    how: "Set the user's condition `blockedBy: tenant_restrictions`, then sign in.",
    provoke: async (entra) => {
      putCondition(entra, { blockedBy: 'tenant_restrictions' });
      return readShown(await signInAsSalesperson(await openAuthorize(entra, entra.createApp())));
    },
  },
  {
    code: 50058,
    how: 'Ask with `prompt=none` in a browser where nobody is signed in.',
    provoke: async (entra) => readShown(await openAuthorize(entra, entra.createApp(), { prompt: 'none' })),
  },
  {
    code: 50105,
    how: 'Require assignment on the service principal (`appRoleAssignmentRequired`), then sign in unassigned.',
    provoke: async (entra) => {
      const app = entra.createApp();
      requireAssignment(entra, app.clientId);
      return readShown(await signInAsSalesperson(await openAuthorize(entra, app)));
    },
  },
  {
    code: 501051,
    how: "Require assignment on an API's service principal, then ask for an app's token for it without a role.",
    provoke: (entra) => {
      requireAssignment(entra, wellKnownIds.microsoftGraph);
      return askAppToken(entra, { scope: 'https://graph.microsoft.com/.default' });
    },
  },
  {
    code: 500208,
    how: 'Sign in with a work account to an app for personal accounts alone.',
    provoke: async (entra) => {
      const app = entra.createApp({ document: { signInAudience: 'PersonalMicrosoftAccount' } });
      return readShown(
        await signIn(await openAuthorize(entra, app, { scope: 'openid' }, { tenant: 'consumers' })),
      );
    },
  },
];

type ConditionCase = [code: number, how: string, changes: Partial<UserConditions>, then?: string];

/** Each is met at the password grant; at the pages people are shown what to do or why not. */
function conditionProvocations(cases: readonly ConditionCase[]): Provocation[] {
  return cases.map(([code, how, changes, then = ' Then use the password grant, refresh, or sign in.']) => ({
    code,
    how: how + then,
    provoke: (entra) => {
      putCondition(entra, changes);
      return askForPassword(entra);
    },
  }));
}

function askForPassword(entra: TestEntra, changes: Record<string, string> = {}): Promise<Refusal> {
  return askAppToken(entra, {
    grant_type: 'password',
    username: seededUsers.salesperson,
    password: seededPassword,
    scope: crmScope,
    ...changes,
  });
}

function requireAssignment(entra: TestEntra, appId: string): void {
  const { directory } = entra.context;
  const principal = findServicePrincipalByAppId(directory, entra.tenant.id, appId);
  if (!principal) throw new Error(`No service principal of ${appId}.`);
  updateServicePrincipal(directory, {
    ...principal,
    document: { ...principal.document, appRoleAssignmentRequired: true },
  });
}
