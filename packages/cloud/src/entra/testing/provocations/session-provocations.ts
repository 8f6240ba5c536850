import { notePasswordChange, revokeSignInSessions } from '../../../directory/users.ts';
import type { TestEntra } from '../open-test-entra.ts';
import {
  openAuthorize,
  type Provocation,
  type Refusal,
  readShown,
  salesperson,
  signInAsSalesperson,
} from './provocation.ts';

/** Codes about a browser's session that was ended from elsewhere. */
export const sessionProvocations: readonly Provocation[] = [
  {
    code: 50132,
    how: "Change the person's password, then ask with `prompt=none` in a browser where they were signed in.",
    error: 'login_required',
    provoke: (entra) => askAfter(entra, notePasswordChange),
  },
  {
    code: 50133,
    how: "Revoke the person's sign-ins, then ask with `prompt=none` in a browser where they were signed in.",
    error: 'login_required',
    provoke: (entra) => askAfter(entra, revokeSignInSessions),
  },
];

async function askAfter(entra: TestEntra, change: typeof revokeSignInSessions): Promise<Refusal> {
  const app = entra.createApp();
  const browser = entra.browser();
  await signInAsSalesperson(await openAuthorize(entra, app, {}, { browser }));
  entra.clock.advance(1000);
  change(entra.context.directory, salesperson(entra).id);
  return readShown(await openAuthorize(entra, app, { prompt: 'none' }, { browser }));
}
