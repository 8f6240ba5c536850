import type { Connection, ConnectionHealth, HubEvent, Page } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { recordFailure } from '../evidence/record-evidence.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  openLink,
  openSignIn,
  showConnection,
  signIn,
} from './testing/create-connection-hub.ts';
import { entraError } from './testing/entra-answers.ts';
import { clientSecret, tenantId } from './testing/scripted-microsoft.ts';

const otherTenant = '22222222-3333-4444-8555-666666666666';
const bob = { upn: 'bob@contoso.example', oid: '99999999-0000-4000-8000-000000000002' };

describe('reconnecting in place', () => {
  let hub: ConnectionHub;
  beforeEach(async () => {
    hub = await createConnectionHub();
  });
  afterEach(() => hub.close());

  const change = (id: string, payload: object) =>
    hub.inject({ method: 'PATCH', url: `/api/v1/connections/${id}`, payload });
  const confirm = (id: string) =>
    hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/confirm-identity` });
  const health = async (id: string) =>
    (await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/health` })).json<ConnectionHealth>();
  const token = async (id: string) =>
    (await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token` })).json<{
      accessToken: string;
    }>().accessToken;
  const events = async (id: string) =>
    (await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/events` })).json<Page<HubEvent>>()
      .items;
  const signInConnection = async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    await signIn(hub, id);
    return id;
  };
  /** What Microsoft's sign-in page is told of the account. */
  const accountOf = ({ searchParams }: URL) =>
    ['login_hint', 'domain_hint', 'prompt'].map((name) => searchParams.get(name));

  it('asks for whoever signed in last, and takes one click (lesson 9)', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    expect(accountOf((await openSignIn(hub, id)).authorizeUrl)).toEqual([null, null, 'select_account']);
    await signIn(hub, id);
    expect(accountOf((await openSignIn(hub, id)).authorizeUrl)).toEqual([
      'alice@contoso.example',
      'contoso.example',
      null,
    ]);
  });

  it('lets somebody else be chosen where that is wished', async () => {
    const id = await signInConnection();
    const link = await hub.inject({
      method: 'POST',
      url: `/api/v1/connections/${id}/sign-in`,
      payload: { account: 'other' },
    });
    const { authorizeUrl } = await openLink(hub, new URL(link.json<{ url: string }>().url).pathname);
    expect(accountOf(authorizeUrl)).toEqual([null, null, 'select_account']);
  });

  it('does not send a guest to the directory that the guest was invited to', async () => {
    hub.microsoft.claims = { upn: 'eve_fabrikam.example#EXT#@contoso.example' };
    const id = await signInConnection();
    expect(accountOf((await openSignIn(hub, id)).authorizeUrl)).toEqual([
      'eve_fabrikam.example#EXT#@contoso.example',
      null,
      null,
    ]);
  });

  it('warns when another user came back, until somebody says that it is right (lesson 12)', async () => {
    const id = await signInConnection();
    hub.microsoft.claims = bob;
    await signIn(hub, id);
    const notice = 'bob@contoso.example signed in; before it was alice@contoso.example.';
    expect(await showConnection(hub, id)).toMatchObject({
      identityNotice: notice,
      status: { state: 'ready' },
    });
    await signIn(hub, id);
    expect((await health(id)).warnings).toEqual([{ code: 'identity_changed', text: notice }]);
    expect((await confirm(id)).json<Connection>().identityNotice).toBeNull();
    expect((await confirm(id)).statusCode).toBe(200);
    expect((await health(id)).warnings).toEqual([]);
    const told = (await events(id)).filter(({ kind }) => kind.startsWith('identity_'));
    expect(told.map(({ kind }) => kind)).toEqual(['identity_confirmed', 'identity_changed']);
    expect(told[0]?.facts.by).toMatch(/^api_key:/);
  });

  it('keeps the tokens that work where another tenant came back, and says so (lesson 12)', async () => {
    const id = await signInConnection();
    const before = await token(id);
    hub.microsoft.claims = { tid: otherTenant };
    await signIn(hub, id);
    expect(await token(id)).toBe(before);
    const shown = await showConnection(hub, id);
    expect(shown).toMatchObject({ tenantId, status: { state: 'ready' }, identityNotice: null });
    expect(shown.status.failure).toMatchObject({
      code: 'token_not_for_environment',
      detail: expect.stringContaining(otherTenant),
    });
    expect((await health(id)).warnings).toMatchObject([{ code: 'sign_in_failed' }]);
    expect((await events(id))[0]).toMatchObject({ kind: 'sign_in_failed' });
  });

  it('keeps them, too, where the tokens are for something else', async () => {
    const id = await signInConnection();
    const before = await token(id);
    hub.microsoft.claims = { aud: 'https://other.crm4.dynamics.com' };
    await signIn(hub, id);
    expect(await token(id)).toBe(before);
  });

  it('takes no tokens of another tenant for a first sign-in either', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    hub.microsoft.claims = { tid: otherTenant };
    await signIn(hub, id);
    const { status, hasRefreshToken } = await showConnection(hub, id);
    expect(status).toMatchObject({ state: 'needs_sign_in', failure: { code: 'token_not_for_environment' } });
    expect(hasRefreshToken).toBe(false);
  });

  it('is offered to a connection that was entered by hand, by its own id and secret', async () => {
    const { id } = await makeManualConnection(hub);
    await signIn(hub, id);
    const [request] = hub.microsoft.tokenRequests();
    expect(request?.form.get('grant_type')).toBe('authorization_code');
    expect(request?.form.get('client_secret')).toBe(clientSecret);
    expect((await showConnection(hub, id)).status.state).toBe('ready');
  });

  describe('by tokens that are typed in', () => {
    it('takes a refresh token that Microsoft redeems, and keeps the id', async () => {
      const { id } = await makeManualConnection(hub);
      hub.microsoft.entra.fail('/token', entraError(400, 'invalid_grant', 50173));
      await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
      const answer = await change(id, { refreshToken: ' another-\n refresh-token ' });
      expect(answer.json<Connection>()).toMatchObject({ id, status: { state: 'ready' } });
      expect(hub.microsoft.tokenRequests().at(-1)?.form.get('refresh_token')).toBe('another-refresh-token');
      expect((await events(id)).find(({ kind }) => kind === 'tokens_entered')).toMatchObject({
        summary: 'New tokens were entered of alice@contoso.example.',
        facts: { by: expect.stringMatching(/^api_key:/) },
      });
      expect(JSON.stringify(await events(id))).not.toContain('refresh-token');
    });

    it('keeps those that work where Microsoft refuses the typed one', async () => {
      const { id } = await makeManualConnection(hub);
      const before = await token(id);
      hub.microsoft.entra.fail('/token', entraError(400, 'invalid_grant', 9002313));
      const answer = await change(id, { refreshToken: 'mistyped', name: 'Not either' });
      expect(answer.json()).toMatchObject({ remote: { code: 'AADSTS9002313' } });
      expect(await token(id)).toBe(before);
      expect(await showConnection(hub, id)).toMatchObject({ status: { state: 'ready' } });
      expect((await showConnection(hub, id)).name).not.toBe('Not either');
    });

    it.each([
      ['of another tenant', { tid: otherTenant }],
      ['for something else', { aud: 'https://graph.microsoft.com' }],
    ])('keeps those that work where the typed ones are %s', async (_case, claims) => {
      const { id } = await makeManualConnection(hub);
      const before = await token(id);
      const typed = await change(id, { accessToken: hub.microsoft.accessToken(claims) });
      expect(typed.json()).toMatchObject({ status: 409, code: 'token_not_for_environment' });
      hub.microsoft.claims = claims;
      const redeemed = await change(id, { refreshToken: 'of-elsewhere' });
      expect(redeemed.json()).toMatchObject({ status: 409, code: 'token_not_for_environment' });
      expect(await token(id)).toBe(before);
    });

    it('redeems a refresh token with the secret that is typed beside it', async () => {
      const { id } = await makeManualConnection(hub, { clientSecret: 'wrong' });
      const refused = await change(id, { refreshToken: 'new-one' });
      expect(refused.json()).toMatchObject({ code: 'client_secret_wrong' });
      const taken = await change(id, { refreshToken: 'new-one', clientSecret });
      expect(taken.json<Connection>().status.state).toBe('ready');
    });

    it('takes an access token alone, which then is all there is', async () => {
      const { id } = await makeManualConnection(hub);
      const accessToken = hub.microsoft.accessToken(bob);
      const taken = (await change(id, { accessToken: `Bearer ${accessToken}` })).json<Connection>();
      expect(taken).toMatchObject({ hasRefreshToken: false, status: { state: 'limited' } });
      expect(taken.identityNotice).toContain('bob@contoso.example');
      expect(await token(id)).toBe(accessToken);
    });

    it('has none to take for an application that signs in as itself', async () => {
      const { id } = await makeConnection(hub, { method: 'client_credentials', clientSecret });
      const answer = await change(id, { refreshToken: 'a-persons' });
      expect(answer.json()).toMatchObject({ code: 'invalid_body', errors: [{ path: 'accessToken' }] });
    });
  });
});

describe('the health of a connection', () => {
  let hub: ConnectionHub;
  beforeEach(async () => {
    hub = await createConnectionHub();
  });
  afterEach(() => hub.close());
  const health = async (id: string) =>
    (await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/health` })).json<ConnectionHealth>();

  it('tells state, token, what is due and what may not last', async () => {
    const { id, status } = await makeManualConnection(hub, { refreshToken: undefined });
    const shown = await health(id);
    expect(shown).toMatchObject({
      connectionId: id,
      status,
      token: { user: 'alice@contoso.example', expiresAt: status.endsAt },
      registration: null,
      warnings: [{ code: 'token_ends', text: expect.stringContaining(String(status.endsAt)) }],
    });
    expect(shown.due).toContainEqual({ kind: 'token_end', dueAt: status.endsAt });
  });

  it('tells when the refresh token ends, how that is known, and warns of it in its last week', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in' });
    await signIn(hub, id);
    const endsAt = new Date(hub.clock.now() + 90 * 86_400_000).toISOString();
    const end = { refreshTokenEndsAt: endsAt, refreshTokenEndBasis: 'assumed_90_days' };
    expect((await health(id)).token).toMatchObject(end);
    expect(await showConnection(hub, id)).toMatchObject(end);
    hub.clock.advance(83 * 86_400_000);
    expect((await health(id)).warnings).not.toContainEqual(
      expect.objectContaining({ code: 'refresh_token_ends_soon' }),
    );
    hub.clock.advance(1);
    expect((await health(id)).warnings).toContainEqual({
      code: 'refresh_token_ends_soon',
      text: expect.stringContaining(`${endsAt} unless it is used before`),
    });
    await hub.context.store.db
      .updateTable('token_sets')
      .set({ refresh_token_expires_at: hub.clock.now() + 1000 })
      .execute();
    const told = await health(id);
    expect(told.token.refreshTokenEndBasis).toBe('told');
    expect(told.warnings).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('as Microsoft said') }),
    );
  });

  it('tells that fresh tokens are refused, and when another one is asked for', async () => {
    const { id } = await makeManualConnection(hub);
    await hub.context.store.db.updateTable('token_sets').set({ rejected_in_a_row: 2 }).execute();
    expect((await health(id)).warnings.map(({ code }) => code)).not.toContain('tokens_rejected');
    await recordFailure(hub.context, id, new HubError('crm_refused', { side: 'environment' }));
    const nextTokenAt = new Date(hub.clock.now() + 120_000).toISOString();
    const shown = await health(id);
    expect(shown.status.reason).toContain('2 fresh access tokens in a row were refused');
    expect(shown.status.nextTryAt).toBe(nextTokenAt);
    expect(shown.warnings).toContainEqual({
      code: 'tokens_rejected',
      text: expect.stringContaining(nextTokenAt),
    });
  });

  it('tells of its registration, whose credential ends soon or is refused (lesson 4)', async () => {
    const endsAt = new Date(hub.clock.now() + 29 * 86_400_000).toISOString();
    const adopted = await hub.inject({
      method: 'POST',
      url: '/api/v1/registrations',
      payload: {
        kind: 'adopted',
        name: 'Sales',
        tenantId,
        clientId: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
        clientSecret,
        clientSecretEndsAt: endsAt,
      },
    });
    const registration = adopted.json<{ id: string }>();
    const { id } = await makeConnection(hub, {
      method: 'client_credentials',
      clientId: undefined,
      registrationId: registration.id,
    });
    const alarm = {
      code: 'client_secret_expired',
      title: 't',
      detail: 'It ended.',
      whoActs: 'administrator',
      remedy: 'r',
      remote: null,
    };
    await hub.context.store.db
      .updateTable('registrations')
      .set({ secret_alarm: JSON.stringify(alarm) })
      .execute();
    expect(await health(id)).toMatchObject({
      registration: { id: registration.id, name: 'Sales', state: 'ready', credentialEndsAt: endsAt, alarm },
      warnings: [
        { code: 'token_ends' },
        { code: 'credential_refused' },
        { code: 'credential_ends_soon', text: `The credential of Sales ends at ${endsAt}.` },
      ],
    });
    hub.clock.advance(Date.parse(endsAt) - hub.clock.now());
    expect(await health(id)).toMatchObject({
      warnings: expect.arrayContaining([
        { code: 'credential_ends_soon', text: `The credential of Sales has ended at ${endsAt}.` },
      ]),
    });
  });

  it('is none of a connection that is not there', async () => {
    expect(await health('none')).toMatchObject({ status: 404, code: 'connection_not_found' });
  });
});
