import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { CreateRegistration, HubClient, Registration } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { expect } from './expect.ts';

type CreatedRegistration = Extract<CreateRegistration, { kind: 'created' }>;

/** Patience with an application that is not yet known everywhere. */
const patience = { timeout: 90_000 };

/** Has the hub register an app, with the administrator's sign-in on Microsoft's pages. @returns it once it is ready */
export async function registerByHub(
  client: HubClient,
  settings: Partial<CreatedRegistration> = {},
): Promise<Registration> {
  const begun = await client.registrations.create({
    kind: 'created',
    name: 'Latchkey',
    administratorSignIn: 'browser',
    ...settings,
  });
  return signInForRegistration(client, begun);
}

/** Signs the administrator in for what a registration waits for. @returns it once nothing is under way any more */
export async function signInForRegistration(
  client: HubClient,
  { id, signIn }: Registration,
): Promise<Registration> {
  if (signIn?.kind !== 'browser') throw new Error('Nobody is asked to sign in by browser.');
  const who = { userName: seededUsers.administrator, password: seededPassword };
  await signInOnPages(createPageBrowser(), { link: signIn.url, ...who });
  const now = () => client.registrations.get(id);
  await expect.poll(async () => (await now()).state, patience).toBe('ready');
  await expect.poll(async () => (await now()).task, patience).toBeNull();
  return now();
}
