import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { administratorSignIn } from './administrator-sign-in.ts';
import {
  administratorCallback,
  createRegistrationHub,
  type RegistrationHub,
} from './testing/create-registration-hub.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

async function comeBack(registrationId: string, query: string): Promise<void> {
  const callback = administratorCallback(query);
  await administratorSignIn(hub.context).complete(registrationId, callback);
}

describe('an administrator’s sign-in by browser', () => {
  it('goes by a link to Microsoft’s page, with PKCE and the public client', async () => {
    const { id, signIn } = await hub.begin();
    expect(signIn).toMatchObject({
      kind: 'browser',
      url: expect.stringContaining('http://localhost:4480/sign-in/'),
      expiresAt: '2026-11-02T09:10:00.000Z',
    });
    const url = new URL(
      await administratorSignIn(hub.context).authorizeUrl(id, {
        state: 'the-state',
        codeChallenge: 'the-challenge',
        redirectUri: 'http://localhost:4480/',
      }),
    );
    expect(url.origin + url.pathname).toBe(`${hub.microsoft.origin}/organizations/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: '14d82eec-204b-4c2f-b7e8-296a70dab67e',
      response_type: 'code',
      redirect_uri: 'http://localhost:4480/',
      state: 'the-state',
      code_challenge: 'the-challenge',
      code_challenge_method: 'S256',
    });
    expect(url.searchParams.get('scope')).not.toContain('offline_access');
  });

  it('redeems the code for the very redirect URI and verifier', async () => {
    const { id } = await hub.begin();
    await hub.signIn(id);
    const redeemed = hub.microsoft.calls.find(({ route }) => route.endsWith('/token'));
    expect(redeemed?.body).toMatchObject({
      grant_type: 'authorization_code',
      redirect_uri: 'http://localhost:4480/',
      code_verifier: 'v'.repeat(43),
    });
  });

  it('shows a link no more when it has ended', async () => {
    const { id } = await hub.begin();
    hub.clock.advance(600_000);
    expect(await hub.show(id)).toMatchObject({ state: 'awaiting_sign_in', signIn: null });
  });

  it.each([
    ['declined', 'error=access_denied&error_description=AADSTS65004%3A+Declined.', 'sign_in_declined'],
    ['answered with a code that has ended', 'code=old', 'sign_in_declined'],
    ['answered with nothing', '', 'sign_in_declined'],
  ])('becomes the registration’s failure when it is %s', async (_case, query, code) => {
    const { id } = await hub.begin();
    await comeBack(id, `${query}&state=s`);
    const failed = await hub.show(id);
    expect(failed).toMatchObject({ state: 'failed', failure: { code } });
    expect(failed.steps[0]).toMatchObject({ name: 'sign_in', state: 'failed' });
    expect((await hub.call('POST', `/registrations/${id}/retry`)).state).toBe('awaiting_sign_in');
    expect((await hub.signIn(id)).state).toBe('ready');
  });

  it('is not taken by a registration that waits for none', async () => {
    const { id } = await hub.begin();
    await hub.signIn(id);
    await expect(comeBack(id, 'code=another&state=s')).rejects.toMatchObject({
      code: 'registration_state_conflict',
    });
  });
});
