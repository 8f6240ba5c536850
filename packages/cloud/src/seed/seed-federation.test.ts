import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimsOf } from '../entra/testing/open-test-entra.ts';
import { openTestIssuer, type TestIssuer } from '../entra/testing/open-test-issuer.ts';
import { issueAccessToken } from '../entra/token/issue-access-token.ts';
import { type OpenedCloud, openLocalCloud } from '../start-local-cloud.ts';
import type { Seed, SeedApplication } from './seed-schema.ts';

const appId = '7a1c0000-0000-4000-8000-000000000003';
const exchangeId = '7a1c0000-0000-4000-8000-000000000005';
const iss = 'https://token.actions.githubusercontent.com';
const credential = { name: 'main-branch', issuer: iss, subject: 'repo:contoso/crm:ref:refs/heads/main' };

let issuer: TestIssuer;
let clouds: OpenedCloud[];
beforeEach(async () => {
  clouds = [];
  issuer = await openTestIssuer();
});
afterEach(async () => {
  for (const cloud of clouds) await cloud.close();
  await issuer.close();
});

async function start(seed: Seed): Promise<OpenedCloud> {
  const cloud = await openLocalCloud({ seed });
  clouds.push(cloud);
  return cloud;
}

function seedWith(federatedCredentials: NonNullable<SeedApplication['federatedCredentials']>): Seed {
  return {
    federatedIssuers: [{ issuer: iss, jwks: issuer.jwks() }],
    tenants: [
      {
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.com'],
        applications: [{ displayName: 'Deploy', appId, federatedCredentials }],
      },
    ],
  };
}

function signIn(cloud: OpenedCloud): Promise<number> {
  const now = Math.floor(cloud.context.clock.now() / 1000);
  const claims = { iss, sub: credential.subject, aud: 'api://AzureADTokenExchange', exp: now + 300 };
  return present(cloud, issuer.sign(claims));
}

async function present({ entra }: OpenedCloud, assertion: string): Promise<number> {
  const { status } = await fetch(`${entra.http}/fabrikam.onmicrosoft.com/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  return status;
}

it('signs an app in by the token of an issuer that a seed hands in, an export, a reset and a snapshot too', async () => {
  const first = await start(seedWith([credential]));
  expect(await signIn(first)).toBe(200);
  const exported = first.state.exportSeed();
  const second = await start(exported);
  expect(second.state.exportSeed()).toEqual(exported);
  expect(await signIn(second)).toBe(200);

  const snapshot = second.state.takeSnapshot();
  second.context.directory.prepare('DELETE FROM federated_issuers').run();
  expect(await signIn(second)).toBe(400);
  second.state.restore(snapshot);
  expect(await signIn(second)).toBe(200);
  second.context.directory.prepare('DELETE FROM federated_issuers').run();
  second.state.reset();
  expect(await signIn(second)).toBe(200);
});

it.each(['http', 'https'] as const)(
  "takes another cloud's token, whose keys it asks for over %s",
  async (scheme) => {
    const other = await start({
      tenants: [
        {
          displayName: 'Elsewhere',
          domains: ['elsewhere.onmicrosoft.com'],
          applications: [
            {
              displayName: 'Exchange',
              appId: exchangeId,
              manifest: { api: { requestedAccessTokenVersion: 2 } },
            },
          ],
        },
      ],
    });
    const token = await issueAccessToken(other.context, {
      resource: exchangeId,
      app: exchangeId,
      origin: other.entra[scheme],
    });
    const { iss: named, sub, aud } = claimsOf(token);
    const trust = {
      name: 'elsewhere',
      issuer: String(named),
      subject: String(sub),
      audiences: [String(aud)],
    };
    expect(await present(await start(seedWith([trust])), token)).toBe(200);
  },
);

it.each([
  ['a name twice', [credential, { ...credential, subject: 'other' }], 'already exists'],
  ['a name with blanks', [{ ...credential, name: 'main branch' }], 'Only letters'],
  ['an issuer that is no URL', [{ ...credential, issuer: 'github' }], 'Expected a URL'],
])('refuses %s', async (_name, credentials, message) => {
  await expect(start(seedWith(credentials))).rejects.toThrow(message);
});
