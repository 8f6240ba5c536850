import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAppRoleAssignment } from '../../directory/app-role-assignments.ts';
import { putGroup } from '../../directory/groups.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import {
  findServicePrincipalByAppId,
  type ServicePrincipal,
  updateServicePrincipal,
} from '../../directory/service-principals.ts';
import { setTenantPolicy } from '../../directory/tenant-policy.ts';
import type { UserConditions } from '../../directory/user-conditions.ts';
import {
  findUserByName,
  revokeSignInSessions,
  setUserConditions,
  type User,
  updateUserProfile,
} from '../../directory/users.ts';
import {
  claimsOf,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
} from '../testing/open-test-entra.ts';
import { redeemCode, refresh, signInForCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
let refreshToken: unknown;
beforeEach(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
  refreshToken = (await redeemCode(entra, app, await signInForCode(entra, app))).json.refresh_token;
});
afterEach(() => entra.close());

const hour = 3_600_000;

function administrator(): User {
  const user = findUserByName(entra.context.directory, seededUsers.administrator);
  if (!user) throw new Error('The seed has no administrator.');
  return user;
}

function principal(appId: string): ServicePrincipal {
  const found = findServicePrincipalByAppId(entra.context.directory, entra.tenant.id, appId);
  if (!found) throw new Error(`No service principal of ${appId}.`);
  return found;
}

function requireAssignmentTo(appId: string): void {
  const { document, ...found } = principal(appId);
  updateServicePrincipal(entra.context.directory, {
    ...found,
    document: { ...document, appRoleAssignmentRequired: true },
  });
}

it.each<[Partial<UserConditions>, number, string, string]>([
  [{ secondFactor: 'required' }, 50076, 'basic_action', 'interaction_required'],
  [{ secondFactor: 'unregistered' }, 50079, 'basic_action', 'interaction_required'],
  [{ blockedBy: 'conditional_access' }, 53003, 'message_only', 'interaction_required'],
])(
  'says by its own word in each version that %o stops a refresh',
  async (changes, code, suberror, errorV1) => {
    setUserConditions(entra.context.directory, administrator(), changes);
    const v2 = await refresh(entra, app, refreshToken);
    expect([v2.status, v2.json]).toMatchObject([
      400,
      { error: 'invalid_grant', suberror, error_codes: [code] },
    ]);
    expect(JSON.parse(String(v2.json.claims))).toHaveProperty('access_token.capolids');
    const v1 = await refresh(entra, app, refreshToken, { resource: crmOrigin }, 1);
    expect([v1.json.error, v1.json.error_codes]).toEqual([errorV1, [code]]);
  },
);

it('names the API that the missing second factor is for', async () => {
  setUserConditions(entra.context.directory, administrator(), { secondFactor: 'required' });
  const { json } = await refresh(entra, app, refreshToken);
  expect(json.error_description).toContain(`to access '${wellKnownIds.dynamicsCrm}'.`);
});

it('keeps refreshing while an expired password waits for its owner', async () => {
  setUserConditions(entra.context.directory, administrator(), { password: 'expired' });
  expect((await refresh(entra, app, refreshToken)).status).toBe(200);
});

it('wants a new sign-in when the policy says so, however often the token was used', async () => {
  setTenantPolicy(entra.context.directory, entra.tenant.id, { signInFrequencyHours: 8 });
  entra.clock.advance(7 * hour);
  const { json } = await refresh(entra, app, refreshToken);
  entra.clock.advance(hour);
  const late = await refresh(entra, app, json.refresh_token);
  expect([late.json.error_codes, late.json.suberror]).toEqual([[70043], 'bad_token']);
});

it('lets only people in who are assigned, where assignment is required', async () => {
  requireAssignmentTo(app.clientId);
  expect((await refresh(entra, app, refreshToken)).json.error_codes).toEqual([50105]);
  createAppRoleAssignment(entra.context.directory, {
    tenantId: entra.tenant.id,
    appRoleId: '00000000-0000-0000-0000-000000000000',
    principalId: administrator().id,
    principalType: 'User',
    resourceId: principal(app.clientId).id,
  });
  expect((await refresh(entra, app, refreshToken)).status).toBe(200);
});

it('lets those in who are in an assigned group themselves, and not through another group', async () => {
  requireAssignmentTo(app.clientId);
  const { directory } = entra.context;
  const [outer, inner] = ['outer', 'inner'];
  const group = (id: string) => ({
    id,
    tenantId: entra.tenant.id,
    displayName: id,
    kind: 'security' as const,
  });
  putGroup(directory, group(inner), [administrator().id]);
  putGroup(directory, group(outer), [inner]);
  createAppRoleAssignment(directory, {
    tenantId: entra.tenant.id,
    appRoleId: '00000000-0000-0000-0000-000000000000',
    principalId: outer,
    principalType: 'Group',
    resourceId: principal(app.clientId).id,
  });
  expect((await refresh(entra, app, refreshToken)).json.error_codes).toEqual([50105]);
  putGroup(directory, group(outer), [administrator().id]);
  expect((await refresh(entra, app, refreshToken)).status).toBe(200);
});

it('gives an app no token of its own for an API that it holds no role of, where that is required', async () => {
  requireAssignmentTo(wellKnownIds.microsoftGraph);
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  expect(json.error_codes).toEqual([501051]);
});

it('gives access tokens the life that the policy sets', async () => {
  setTenantPolicy(entra.context.directory, entra.tenant.id, { accessTokenMinutes: 10 });
  const { json } = await refresh(entra, app, refreshToken);
  const { iat, nbf, exp } = claimsOf(json.access_token);
  expect([json.expires_in, Number(exp) - Number(nbf), iat]).toEqual([599, 900, nbf]);
});

it('says of a deleted person that nobody is there', async () => {
  entra.context.directory.prepare('DELETE FROM users WHERE id = ?').run(administrator().id);
  expect((await refresh(entra, app, refreshToken)).json.error_codes).toEqual([50034]);
});

it('ends what was given out in the very moment of the revocation, and nothing that came after it', async () => {
  const still = await openTestEntra({ base: { now: () => Date.UTC(2026, 0, 31, 10) } });
  const client = still.createApp();
  const give = async () =>
    (await redeemCode(still, client, await signInForCode(still, client))).json.refresh_token;
  const before = await give();
  const user = findUserByName(still.context.directory, seededUsers.administrator);
  revokeSignInSessions(still.context.directory, user?.id ?? '');
  expect((await refresh(still, client, before)).json.error_codes).toEqual([50173]);
  still.clock.advance(1);
  expect((await refresh(still, client, await give())).status).toBe(200);
  await still.close();
});

it('asks for no new sign-in a moment before the policy does', async () => {
  setTenantPolicy(entra.context.directory, entra.tenant.id, { signInFrequencyHours: 8 });
  entra.clock.advance(8 * hour - 10_000);
  expect((await refresh(entra, app, refreshToken)).status).toBe(200);
});

it('wants a new sign-in in the very millisecond that the policy names, and tells the policy', async () => {
  const still = await openTestEntra({ base: { now: () => Date.UTC(2026, 0, 31, 10) } });
  const client = still.createApp();
  const token = (await redeemCode(still, client, await signInForCode(still, client))).json.refresh_token;
  setTenantPolicy(still.context.directory, still.tenant.id, { signInFrequencyHours: 8 });
  still.clock.advance(8 * hour - 1);
  expect((await refresh(still, client, token)).status).toBe(200);
  still.clock.advance(1);
  const { json } = await refresh(still, client, token);
  expect(json.error_codes).toEqual([70043]);
  expect(json.error_description).toContain('2026-01-31T10:00:00.000Z');
  expect(json.error_description).toContain('8 hours');
  await still.close();
});

it('tells when the token was given out that a revocation ended', async () => {
  const still = await openTestEntra({ base: { now: () => Date.UTC(2026, 0, 31, 10) } });
  const client = still.createApp();
  const token = (await redeemCode(still, client, await signInForCode(still, client))).json.refresh_token;
  still.clock.advance(hour);
  const user = findUserByName(still.context.directory, seededUsers.administrator);
  revokeSignInSessions(still.context.directory, user?.id ?? '');
  const { json } = await refresh(still, client, token);
  expect(json.error_codes).toEqual([50173]);
  expect(json.error_description).toContain('2026-01-31T10:00:00.000Z');
  expect(json.error_description).toContain('2026-01-31T11:00:00.000Z');
  await still.close();
});

it('rests while the person is disabled', async () => {
  updateUserProfile(entra.context.directory, administrator().id, { enabled: false });
  expect((await refresh(entra, app, refreshToken)).json.error_codes).toEqual([50057]);
  updateUserProfile(entra.context.directory, administrator().id, { enabled: true });
  expect((await refresh(entra, app, refreshToken)).status).toBe(200);
});

it('names the tenant where nobody knows the client, by the name that was asked', async () => {
  for (const [tenant, name] of [
    [entra.tenant.id, 'Contoso'],
    ['common', 'common'],
    ['organizations', 'organizations'],
  ]) {
    const { json } = await entra.post(`/${tenant}/oauth2/v2.0/token`, {
      grant_type: 'refresh_token',
      client_id: '11111111-1111-1111-1111-111111111111',
      refresh_token: String(refreshToken),
    });
    expect(json.error_codes).toEqual([700016]);
    expect(json.error_description).toContain(`'${name}'`);
    expect(json.error_description).toContain('11111111-1111-1111-1111-111111111111');
  }
});

it('names the app and the API where v1 is asked for one that is not listed', async () => {
  const { json } = await refresh(entra, app, refreshToken, { resource: 'https://graph.microsoft.com' }, 1);
  expect(json.error_codes).toEqual([650057]);
  for (const part of [app.clientId, 'Integration', 'https://graph.microsoft.com']) {
    expect(json.error_description).toContain(part);
  }
});

it('names the app that consent is missing for', async () => {
  const { json } = await refresh(entra, app, refreshToken, {
    scope: 'https://graph.microsoft.com/User.Read',
  });
  expect(json.error_codes).toEqual([65001]);
  expect(json.error_description).toContain(app.clientId);
  expect(json.error_description).toContain('Integration');
});
