import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';
import { entraError } from './testing/scripted-entra.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

const byCode = { administratorSignIn: 'device_code' };
const poll = 'POST /organizations/oauth2/v2.0/token';

describe('a sign-in by device code', () => {
  it('shows the code at once, and goes on by itself when it was entered', async () => {
    hub.microsoft.entra.deviceCode = ['pending', 'pending', 'approved'];
    const begun = await hub.begin(byCode);
    expect(begun).toMatchObject({
      state: 'awaiting_sign_in',
      signIn: {
        kind: 'device_code',
        userCode: 'FKJ7XYZ12',
        verificationUri: 'https://microsoft.com/devicelogin',
        message: expect.stringContaining('FKJ7XYZ12'),
        expiresAt: '2026-11-02T09:15:00.000Z',
      },
    });
    await hub.context.background.idle();
    const ready = await hub.show(begun.id);
    expect(ready).toMatchObject({ state: 'ready', signIn: null });
    expect(hub.waits).toEqual([5000, 5000]);
    expect(hub.microsoft.count(poll)).toBe(3);
  });

  it('asks for what the steps need, and for no refresh token', async () => {
    await hub.begin(byCode);
    const request = hub.microsoft.calls.find(({ route }) => route.endsWith('/devicecode'));
    const scopes = String(request?.body.scope).split(' ');
    const graph = hub.microsoft.origin;
    expect(scopes.toSorted()).toEqual([
      `${graph}/Application.ReadWrite.All`,
      `${graph}/DelegatedPermissionGrant.ReadWrite.All`,
      `${graph}/Organization.Read.All`,
      `${graph}/User.Read`,
    ]);
    expect(request?.body.client_id).toBe('14d82eec-204b-4c2f-b7e8-296a70dab67e');
  });

  it('tells when the code ends unused, and starts again on demand', async () => {
    const { id } = await hub.begin(byCode);
    await hub.context.background.idle();
    const failed = await hub.show(id);
    expect(failed).toMatchObject({
      state: 'failed',
      signIn: null,
      failure: { code: 'device_code_expired', whoActs: 'administrator' },
    });
    hub.microsoft.entra.deviceCode = ['approved'];
    expect((await hub.call('POST', `/registrations/${id}/retry`)).signIn?.kind).toBe('device_code');
    await hub.context.background.idle();
    expect((await hub.show(id)).state).toBe('ready');
  });

  it.each([
    ['declined', 'sign_in_declined'],
    ['expired', 'device_code_expired'],
  ] as const)('tells when it is %s', async (state, code) => {
    hub.microsoft.entra.deviceCode = ['pending', state];
    const { id } = await hub.begin(byCode);
    await hub.context.background.idle();
    expect((await hub.show(id)).failure?.code).toBe(code);
  });

  it('survives an Entra ID that is down or cut off for a while', async () => {
    hub.microsoft.entra.deviceCode = ['approved'];
    hub.microsoft.faults(
      poll,
      { answer: { status: 503 } },
      { cutOff: true, takesEffect: true },
      { answer: { status: 200, body: 'no token' } },
    );
    const { id } = await hub.begin(byCode);
    await hub.context.background.idle();
    expect((await hub.show(id)).state).toBe('ready');
  });

  it('gives way to a sign-in by browser', async () => {
    const { id } = await hub.begin(byCode);
    const answer = await hub.call('POST', `/registrations/${id}/sign-in`, { administratorSignIn: 'browser' });
    expect(answer.signIn).toMatchObject({ kind: 'browser', expiresAt: '2026-11-02T09:10:00.000Z' });
    await hub.context.background.idle();
    expect((await hub.show(id)).state).toBe('awaiting_sign_in');
    expect((await hub.signIn(id)).state).toBe('ready');
  });

  it('is refused with Microsoft’s words when there is no code to be had', async () => {
    hub.microsoft.faults('POST /organizations/oauth2/v2.0/devicecode', { cutOff: true, takesEffect: true });
    expect(await hub.begin(byCode)).toMatchObject({ code: 'token_endpoint_unavailable' });
    expect(await hub.call('GET', '/registrations')).toMatchObject({ items: [] });
  });

  const changeCode = (members: object) =>
    hub.microsoft.faults('POST /organizations/oauth2/v2.0/devicecode', {
      change: (real) => ({ ...real, body: { ...Object(real.body), ...members } }),
    });

  it.each(['javascript:alert(1)', 'devicelogin', ''])('has no page like %j for people', async (address) => {
    changeCode({ verification_uri: address });
    expect(await hub.begin(byCode)).toMatchObject({ code: 'token_endpoint_nonsense' });
    expect(await hub.call('GET', '/registrations')).toMatchObject({ items: [] });
  });

  it.each([1e30, 'soon', -1, null])('lives and waits as usual where %j is said', async (odd) => {
    hub.microsoft.entra.deviceCode = ['pending', 'approved'];
    changeCode({ expires_in: odd, interval: odd });
    expect(await hub.begin(byCode)).toMatchObject({ signIn: { expiresAt: '2026-11-02T09:15:00.000Z' } });
    await hub.context.background.idle();
    expect(hub.waits).toEqual([5000]);
  });

  it.each([400, 200])('is refused with Microsoft’s words, whatever the status: %i', async (status) => {
    const refusal = { ...entraError(400, 'unauthorized_client', 700016, 'No such application.'), status };
    hub.microsoft.faults('POST /organizations/oauth2/v2.0/devicecode', { answer: refusal });
    expect(await hub.begin(byCode)).toMatchObject({
      code: 'token_request_refused',
      remote: { code: 'AADSTS700016', oauthError: 'unauthorized_client' },
    });
  });
});
