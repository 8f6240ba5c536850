import { afterEach, beforeEach, expect, it } from 'vitest';
import { comeBack, openLink } from '../connections/testing/create-connection-hub.ts';
import {
  createRegistrationHub,
  type RegistrationHub,
} from '../registrations/testing/create-registration-hub.ts';
import { administratorCode } from '../registrations/testing/scripted-entra.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

/** The administrator opens the link of a registration in a fresh browser. */
async function openRegistration() {
  const { id, signIn } = await hub.begin();
  if (signIn?.kind !== 'browser') throw new Error('No link was made.');
  return { id, visit: await openLink(hub, new URL(signIn.url).pathname) };
}

it('asks Microsoft as the public client, whose redirect URI is the hub’s root', async () => {
  const { visit } = await openRegistration();
  const { origin, pathname, searchParams } = visit.authorizeUrl;
  expect(`${origin}${pathname}`).toBe(`${hub.microsoft.origin}/organizations/oauth2/v2.0/authorize`);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    client_id: '14d82eec-204b-4c2f-b7e8-296a70dab67e',
    redirect_uri: 'http://localhost:4480/',
    code_challenge_method: 'S256',
    prompt: 'select_account',
  });
});

it('redeems the code, goes on with the registration, and back to its page', async () => {
  const { id, visit } = await openRegistration();
  const answer = await comeBack(hub, visit, { code: administratorCode });
  expect([answer.statusCode, answer.headers.location]).toEqual([
    303,
    `http://localhost:4480/registrations/${id}`,
  ]);
  await hub.context.background.idle();
  expect((await hub.show(id)).state).toBe('ready');
  const redeemed = hub.microsoft.calls.find(({ body }) => body.grant_type === 'authorization_code');
  expect(redeemed?.body).toMatchObject({ redirect_uri: 'http://localhost:4480/', code: administratorCode });
});

it('shows a refusal as the registration’s failure, on its page', async () => {
  const { id, visit } = await openRegistration();
  const answer = await comeBack(hub, visit, { error: 'access_denied' });
  expect(answer.headers.location).toBe(`http://localhost:4480/registrations/${id}`);
  expect(await hub.show(id)).toMatchObject({ state: 'failed', failure: { code: 'sign_in_declined' } });
});

it('leads a second hit back to the registration', async () => {
  const { id, visit } = await openRegistration();
  await comeBack(hub, visit, { code: administratorCode });
  await hub.context.background.idle();
  const second = await comeBack(hub, visit, { code: administratorCode });
  expect(second.statusCode).toBe(409);
  expect(second.body).toContain(`href="http://localhost:4480/registrations/${id}"`);
});

it('starts nothing for a registration that waits for nobody any more', async () => {
  const { id, signIn } = await hub.begin();
  await hub.call('POST', `/registrations/${id}/undo`);
  const link = signIn?.kind === 'browser' ? new URL(signIn.url).pathname : '';
  const page = await hub.app.inject({ method: 'GET', url: link });
  expect(page.statusCode).toBe(409);
  expect(page.body).toContain('registration_state_conflict');
});
