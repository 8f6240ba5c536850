import { seededUsers } from '@latchkey/cloud';
import { createGraphCaller } from '../../../e2e/support/register-app.ts';
import { signInAsAdministrator } from '../../../e2e/support/sign-in-as-administrator.ts';
import { openLocalCloud } from '../../../packages/cloud/src/testing/open-local-cloud.ts';
import { announceReady, readSetting } from './serve.ts';

/** The local Microsoft cloud with so many applications and people in its directory. */
const cloud = await openLocalCloud();
const { directory } = cloud.context;
const graph = await createGraphCaller(cloud);
const app = await graph<{ id: string; appId: string }>('POST', '/applications', { displayName: 'Wanted' });

const numbers = 'WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)';
directory.transaction(() => {
  directory
    .prepare(
      `${numbers} INSERT INTO applications (id, tenant_id, app_id, display_name, created_at, document)
       SELECT printf('%08x-0000-4000-8000-000000000001', n), tenant_id, printf('%08x-0000-4000-8000-000000000002', n),
         'Application ' || n, created_at, document FROM numbers, applications WHERE id = ?`,
    )
    .run(Number(readSetting('applications')), app.id);
  directory
    .prepare(
      `${numbers} INSERT INTO users (id, tenant_id, user_principal_name, password_hash, tokens_valid_from, profile)
       SELECT printf('%08x-0000-4000-8000-000000000003', n), tenant_id, 'person' || n || '@contoso.onmicrosoft.com',
         password_hash, 0, json_set(profile, '$.displayName', 'Person ' || n)
       FROM numbers, users WHERE user_principal_name = ?`,
    )
    .run(Number(readSetting('users')), seededUsers.salesperson);
});

await graph('POST', '/servicePrincipals', { appId: app.appId });
const { secretText } = await graph<{ secretText: string }>('POST', `/applications/${app.id}/addPassword`, {});
announceReady({
  graph: `${cloud.graph.http}/v1.0`,
  token: await signInAsAdministrator(cloud),
  id: app.id,
  appId: app.appId,
  tokenUrl: `${cloud.entra.http}/contoso.onmicrosoft.com/oauth2/v2.0/token`,
  form: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: secretText,
    scope: 'https://graph.microsoft.com/.default',
  }).toString(),
});
