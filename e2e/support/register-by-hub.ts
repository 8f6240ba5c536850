import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { HubClient, Registration } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { expect } from './expect.ts';

/** Has the hub register an app, with the administrator's sign-in on Microsoft's pages. @returns it once it is ready */
export async function registerByHub(client: HubClient, secretLifetimeDays: number): Promise<Registration> {
  const begun = await client.registrations.create({
    kind: 'created',
    name: 'Latchkey',
    administratorSignIn: 'browser',
    secretLifetimeDays,
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
  await expect.poll(async () => (await now()).state, { timeout: 30_000 }).toBe('ready');
  await expect.poll(async () => (await now()).task, { timeout: 30_000 }).toBeNull();
  return now();
}
