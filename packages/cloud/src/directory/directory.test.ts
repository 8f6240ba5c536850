import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock, type MovableClock } from '../clock.ts';
import { millisecondsPerDay } from '../ground/durations.ts';
import { emptyApplicationDocument } from './application-document.ts';
import {
  createApplication,
  findApplicationByAppId,
  listApplications,
  listDeletedApplications,
  restoreApplication,
  softDeleteApplication,
} from './applications.ts';
import {
  addClientSecret,
  checkClientSecret,
  listClientSecrets,
  removeClientSecret,
} from './client-secrets.ts';
import { type Directory, openDirectory } from './open-directory.ts';
import { consentToScopes, grantedScopes, listPermissionGrants } from './permission-grants.ts';
import { contosoDomain, seedContoso, seededPassword, seededUsers } from './seed-contoso.ts';
import { findServicePrincipalByAppId, listServicePrincipals } from './service-principals.ts';
import { findTenant } from './tenants.ts';
import { findUserByName, passwordMatches, revokeSignInSessions, updateUserProfile } from './users.ts';

const applicationId = '11111111-1111-4111-8111-111111111111';
const appId = '22222222-2222-4222-8222-222222222222';

let clock: MovableClock;
let directory: Directory;
let tenantId: string;

beforeEach(() => {
  clock = createMovableClock();
  directory = openDirectory({ file: ':memory:', clock });
  seedContoso(directory);
  tenantId = findTenant(directory, contosoDomain)?.id ?? '';
});

afterEach(() => directory.close());

function addApplication() {
  const application = {
    id: applicationId,
    tenantId,
    appId,
    displayName: 'Integration',
    createdAt: clock.now(),
    document: emptyApplicationDocument(contosoDomain),
  };
  createApplication(directory, application);
  return { ...application, deletedAt: null };
}

describe('the seeded tenant', () => {
  it('is found by its id and its domain, whatever the case', () => {
    expect(findTenant(directory, tenantId.toUpperCase())?.displayName).toBe('Contoso');
    expect(findTenant(directory, 'CONTOSO.onmicrosoft.com')?.id).toBe(tenantId);
    expect(findTenant(directory, 'fabrikam.onmicrosoft.com')).toBeUndefined();
  });

  it('is made once and keeps its ids', () => {
    seedContoso(directory);
    const other = openDirectory({ file: ':memory:', clock });
    seedContoso(other);
    expect(findTenant(other, contosoDomain)?.id).toBe(tenantId);
    other.close();
  });

  it('has Microsoft’s own service principals from the start', () => {
    const appIds = listServicePrincipals(directory, tenantId).map((principal) => principal.appId);
    expect(appIds).toEqual(
      expect.arrayContaining([
        wellKnownIds.microsoftGraph,
        wellKnownIds.dynamicsCrm,
        wellKnownIds.graphCommandLineTools,
        wellKnownIds.azureCli,
        wellKnownIds.dynamicsDevelopmentTools,
      ]),
    );
  });
});

describe('a user', () => {
  it('signs in by name in any case, with the right password only', () => {
    const user = findUserByName(directory, seededUsers.salesperson.toUpperCase());
    expect(passwordMatches(directory, user?.id ?? '', seededPassword)).toBe(true);
    expect(passwordMatches(directory, user?.id ?? '', seededPassword.toLowerCase())).toBe(false);
    expect(passwordMatches(directory, 'nobody', seededPassword)).toBe(false);
  });

  it('keeps the rest of the profile when a part of it changes', () => {
    const before = findUserByName(directory, seededUsers.salesperson);
    updateUserProfile(directory, before?.id ?? '', { enabled: false });
    expect(findUserByName(directory, seededUsers.salesperson)).toEqual({ ...before, enabled: false });
  });

  it('loses older grants when sessions are revoked', () => {
    const user = findUserByName(directory, seededUsers.salesperson);
    revokeSignInSessions(directory, user?.id ?? '');
    expect(findUserByName(directory, seededUsers.salesperson)?.tokensValidFrom).toBeGreaterThan(
      user?.tokensValidFrom ?? 0,
    );
  });
});

describe('a client secret', () => {
  const inADay = () => ({
    displayName: 'one',
    startAt: clock.now(),
    endAt: clock.now() + millisecondsPerDay,
  });

  it('is accepted while it lives, beside another one', () => {
    addApplication();
    const one = addClientSecret(directory, applicationId, inADay());
    const two = addClientSecret(directory, applicationId, inADay());
    expect(checkClientSecret(directory, applicationId, one.secretText)).toMatchObject({ accepted: true });
    expect(checkClientSecret(directory, applicationId, two.secretText)).toMatchObject({ accepted: true });
    expect(checkClientSecret(directory, applicationId, one.keyId)).toMatchObject({ reason: 'unknown' });
  });

  it('tells an ended secret from a wrong one', () => {
    addApplication();
    const secret = addClientSecret(directory, applicationId, inADay());
    clock.advance(millisecondsPerDay);
    expect(checkClientSecret(directory, applicationId, secret.secretText)).toEqual({
      accepted: false,
      reason: 'expired',
      keyId: secret.keyId,
    });
  });

  it('is kept as a digest: neither the list nor the table holds its text', () => {
    addApplication();
    const { secretText } = addClientSecret(directory, applicationId, inADay());
    expect(JSON.stringify(listClientSecrets(directory, applicationId))).not.toContain(secretText);
    const rows = directory.prepare('SELECT * FROM client_secrets').all();
    expect(JSON.stringify(rows)).not.toContain(secretText);
  });

  it('stops working when it is removed', () => {
    addApplication();
    const secret = addClientSecret(directory, applicationId, inADay());
    expect(removeClientSecret(directory, applicationId, secret.keyId)).toBe(true);
    expect(removeClientSecret(directory, applicationId, secret.keyId)).toBe(false);
    expect(checkClientSecret(directory, applicationId, secret.secretText)).toMatchObject({ accepted: false });
  });
});

describe('an application', () => {
  it('is gone for clients while it is deleted, and comes back when restored', () => {
    const application = addApplication();
    softDeleteApplication(directory, application);
    expect(findApplicationByAppId(directory, appId)).toBeUndefined();
    expect(listDeletedApplications(directory, tenantId).map(({ id }) => id)).toEqual([applicationId]);
    restoreApplication(directory, applicationId);
    expect(listApplications(directory, tenantId).map(({ id }) => id)).toEqual([applicationId]);
  });
});

describe('consent', () => {
  it('adds up over the person’s own and everybody’s grants, without a second grant for the same', () => {
    const client = findServicePrincipalByAppId(directory, tenantId, wellKnownIds.graphCommandLineTools);
    const resource = findServicePrincipalByAppId(directory, tenantId, wellKnownIds.microsoftGraph);
    const user = findUserByName(directory, seededUsers.salesperson);
    const key = { tenantId, clientId: client?.id ?? '', resourceId: resource?.id ?? '' };
    const personal = { ...key, consentType: 'Principal' as const, principalId: user?.id ?? '' };
    consentToScopes(directory, { ...personal, scopes: ['User.Read'] });
    consentToScopes(directory, { ...personal, scopes: ['User.Read', 'profile'] });
    consentToScopes(directory, {
      ...key,
      consentType: 'AllPrincipals',
      principalId: null,
      scopes: ['Organization.Read.All'],
    });
    expect(listPermissionGrants(directory, tenantId)).toHaveLength(2);
    expect([...grantedScopes(directory, { ...key, userId: user?.id ?? '' })].sort()).toEqual([
      'Organization.Read.All',
      'User.Read',
      'profile',
    ]);
    expect([...grantedScopes(directory, { ...key, userId: 'somebody else' })]).toEqual([
      'Organization.Read.All',
    ]);
  });
});

describe('a transaction', () => {
  it('leaves nothing behind when it fails', () => {
    expect(() =>
      directory.transaction(() => {
        addApplication();
        throw new Error('in the middle');
      }),
    ).toThrow('in the middle');
    expect(findApplicationByAppId(directory, appId)).toBeUndefined();
  });
});
