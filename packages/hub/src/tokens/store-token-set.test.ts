import { UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { sampleState } from '../connections/testing/sample-state.ts';
import { clientSecret, tenantId } from '../connections/testing/scripted-microsoft.ts';
import { HubError } from '../errors/hub-error.ts';
import { recordFailure } from '../evidence/record-evidence.ts';
import { digest } from '../ground/digest.ts';
import { systemRandom } from '../ground/random.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { createVault } from '../vault/create-vault.ts';
import { fixedKeyring } from '../vault/keyring.ts';
import { getAccessToken } from './get-access-token.ts';
import { readTokenState } from './read-token-state.ts';
import { acquireLease } from './refresh-lease.ts';
import {
  sealTokenSet,
  storedFacts,
  storeRefreshedTokenSet,
  storeTokenSet,
  tokenPlace,
} from './store-token-set.ts';

const otherTenant = '99999999-2222-4333-8444-555555555555';

// Part of what is stored: by another name nothing would open that an earlier version sealed.
it('keeps tokens where every version looks for them', () => {
  expect(tokenPlace('1', 'sealed_access_token')).toBe('token_sets/1/sealed_access_token');
  expect(tokenPlace('1', 'sealed_refresh_token')).toBe('token_sets/1/sealed_refresh_token');
});

describe('the columns of a token set', () => {
  const now = 1_000_000;
  const context = {
    clock: createTestClock(now),
    vault: {
      ...createVault(fixedKeyring([{ id: 'a', secret: Buffer.alloc(32) }]), systemRandom),
      seal: (text: string, place: string) => `${place}:${text}`,
    },
  };
  const tokens = { accessToken: 'a', refreshToken: 'r', expiresInSeconds: 60 };
  const endOf = (change: object) => sealTokenSet(context, '1', { ...tokens, ...change }).expires_at;
  const jwt = new UnsecuredJWT({ exp: 5000 }).encode();

  it('are those of the tokens that there are', () => {
    const sealedAccess = {
      sealed_access_token: 'token_sets/1/sealed_access_token:a',
      access_token_digest: digest('a'),
      obtained_at: now,
      expires_at: now + 60_000,
      facts: null,
    };
    const sealedRefresh = {
      sealed_refresh_token: 'token_sets/1/sealed_refresh_token:r',
      refresh_token_obtained_at: now,
      refresh_token_expires_at: null,
    };
    expect(sealTokenSet(context, '1', tokens)).toEqual({ ...sealedAccess, ...sealedRefresh });
    expect(sealTokenSet(context, '1', { ...tokens, refreshToken: null })).toEqual(sealedAccess);
    expect(sealTokenSet(context, '1', { ...tokens, accessToken: null })).toEqual(sealedRefresh);
  });

  it('take the end of the access token from the answer, else from the token, else an hour', () => {
    expect(endOf({ accessToken: jwt })).toBe(now + 60_000);
    expect(endOf({ accessToken: jwt, expiresInSeconds: null })).toBe(5_000_000);
    expect(endOf({ expiresInSeconds: null })).toBe(now + 3_600_000);
    expect(endOf({ expiresInSeconds: 0.0006 })).toBe(now + 1);
  });

  it('hold what the token says of itself, to be read again', () => {
    const { facts = null } = sealTokenSet(context, '1', { ...tokens, accessToken: jwt });
    const tokenSet = { ...sampleState().tokenSet, facts };
    expect(storedFacts({ tokenSet })).toMatchObject({ expiresAt: 5_000_000, scopes: [] });
    expect(storedFacts({ tokenSet: { ...tokenSet, facts: null } })).toBeNull();
    expect(() => storedFacts({ tokenSet: { ...tokenSet, facts: '{}' } })).toThrow('token_sets.facts');
  });
});

describe.each(testEngines)('storing tokens on %s', (engine) => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const read = (id = connectionId) => readTokenState(hub.context, id);
  const answerOf = (accessToken: string) => ({ accessToken, refreshToken: 'fresh', expiresInSeconds: 3600 });
  const signInAs = async (
    claims: Parameters<ConnectionHub['microsoft']['accessToken']>[0],
    id = connectionId,
  ) => {
    await storeTokenSet(hub.context, id, answerOf(hub.microsoft.accessToken(claims)));
    return (await read(id)).connection;
  };

  it('of a sign-in takes the place of all that was there, and the lease from whoever refreshes', async () => {
    const before = await read();
    const lease = await acquireLease(hub.context, connectionId);
    await storeTokenSet(hub.context, connectionId, {
      ...answerOf(hub.microsoft.accessToken()),
      refreshToken: null,
    });
    const { tokenSet } = await read();
    expect(tokenSet).toMatchObject({
      version: before.tokenSet.version + 1,
      lease_fence: (lease?.fence ?? 0) + 1,
      lease_owner: null,
      lease_until: 0,
      sealed_refresh_token: null,
      refresh_token_obtained_at: null,
    });
    expect(tokenSet.access_token_digest).not.toBe(before.tokenSet.access_token_digest);
  });

  it('of a sign-in is served from then on, however short ago the old one was', async () => {
    const before = await getAccessToken(hub.context, connectionId);
    const accessToken = hub.microsoft.accessToken();
    await storeTokenSet(hub.context, connectionId, answerOf(accessToken));
    expect((await getAccessToken(hub.context, connectionId)).accessToken).toBe(accessToken);
    expect(accessToken).not.toBe(before.accessToken);
  });

  it('is about one connection only', async () => {
    const other = await makeManualConnection(hub);
    const before = await read(other.id);
    hub.clock.advance(1000);
    await signInAs({ upn: 'bob@contoso.example' });
    const lease = await acquireLease(hub.context, connectionId);
    if (!lease) throw new Error('No lease was given.');
    expect(
      await storeRefreshedTokenSet(hub.context, connectionId, answerOf(hub.microsoft.accessToken()), lease),
    ).not.toBeNull();
    expect(await read(other.id)).toEqual(before);
  });

  it('of a connection that is gone is refused, and leaves nothing', async () => {
    await hub.inject({ method: 'DELETE', url: `/api/v1/connections/${connectionId}` });
    await expect(signInAs({})).rejects.toMatchObject({ code: 'connection_not_found' });
  });

  it('is refused to a refresh that was overtaken by newer tokens', async () => {
    const lease = await acquireLease(hub.context, connectionId);
    if (!lease) throw new Error('No lease was given.');
    const stale = { ...lease, version: lease.version - 1 };
    const before = await read();
    const answer = answerOf(hub.microsoft.accessToken());
    expect(await storeRefreshedTokenSet(hub.context, connectionId, answer, stale)).toBeNull();
    expect(await read()).toEqual(before);
  });

  it('ends a failure about tokens, and none of the CRM', async () => {
    await recordFailure(hub.context, connectionId, new HubError('token_endpoint_unavailable'));
    expect((await signInAs({})).last_failure).toBeNull();
    await recordFailure(hub.context, connectionId, new HubError('crm_refused'));
    expect((await signInAs({})).last_failure).not.toBeNull();
  });

  it('says that somebody else signed in, or that it is another tenant, until somebody confirms it (lesson 12)', async () => {
    const bob = { upn: 'bob@contoso.example', oid: '99999999-0000-4000-8000-000000000002' };
    expect((await signInAs(bob)).identity_notice).toBe(
      'bob@contoso.example signed in; before it was alice@contoso.example.',
    );
    expect((await signInAs(bob)).identity_notice).toContain('bob@contoso.example signed in');
    expect((await signInAs({ ...bob, tid: otherTenant })).identity_notice).toBe(
      `The tenant is now ${otherTenant}; before it was ${tenantId}.`,
    );
    const nobody = await signInAs({ upn: null, oid: '99999999-0000-4000-8000-000000000003' });
    expect(nobody.identity_notice).toBe(
      `Another account signed in; before it was bob@contoso.example. The tenant is now ${tenantId}; before it was ${otherTenant}.`,
    );
    expect(nobody.user_name).toBeNull();
  });

  it('says nothing of what a token does not tell', async () => {
    expect((await signInAs({ oid: null, tid: null })).identity_notice).toBeNull();
    expect((await signInAs({ oid: '99999999-0000-4000-8000-000000000004' })).identity_notice).toBeNull();
    const { connection } = await (async () => {
      await storeTokenSet(hub.context, connectionId, answerOf('opaque'));
      return read();
    })();
    expect(connection).toMatchObject({ user_name: 'alice@contoso.example', identity_notice: null });
  });

  it.each([
    [
      'learns the tenant’s GUID where only its domain was known',
      'contoso.example',
      { tid: otherTenant },
      otherTenant,
    ],
    ['keeps the domain where the token tells no tenant', 'contoso.example', { tid: null }, 'contoso.example'],
    ['keeps the GUID of the environment’s tenant', tenantId, { tid: otherTenant }, tenantId],
  ])('%s', async (_case, known, claims, expected) => {
    const { id } = await makeConnection(hub, { method: 'sign_in', tenantId: known });
    expect((await signInAs(claims, id)).tenant_id).toBe(expected);
  });

  it('knows of a client secret, be it the connection’s own or its registration’s', async () => {
    const none = await makeManualConnection(hub, { clientSecret: undefined });
    const payload = {
      kind: 'adopted',
      name: 'App',
      tenantId,
      clientId: (await read()).connection.client_id,
      clientSecret,
    };
    const registration = await hub.inject({ method: 'POST', url: '/api/v1/registrations', payload });
    const registrationId = registration.json<{ id: string }>().id;
    const registered = await makeConnection(hub, { method: 'sign_in', clientId: undefined, registrationId });
    expect((await read()).sealedCredential).not.toBeNull();
    expect((await read(none.id)).sealedCredential).toBeNull();
    expect((await read(registered.id)).sealedCredential).not.toBeNull();
  });
});
