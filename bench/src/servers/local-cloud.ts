import { startLocalCloud } from '@latchkey/cloud';
import { registerApp } from '../../../e2e/support/register-app.ts';
import { announceReady } from './serve.ts';

/** The local Microsoft cloud with an app that may ask for tokens of its own. */
const cloud = await startLocalCloud();
const { tenantId, clientId, clientSecret } = await registerApp(cloud);
announceReady({
  tokenUrl: `${cloud.entra.http}/${tenantId}/oauth2/v2.0/token`,
  form: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${cloud.crm.http}/.default`,
  }).toString(),
});
