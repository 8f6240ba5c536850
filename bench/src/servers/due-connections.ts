import { openDueConnections } from '../../../packages/hub/src/testing/open-due-connections.ts';
import { refreshOnRequest } from './refresh-on-request.ts';
import { readSetting } from './serve.ts';

/** A hub with so many connections whose access tokens have ended; each is refreshed in turn. */
const refresh = await openDueConnections({
  dataFolder: readSetting('dataFolder'),
  count: Number(readSetting('count')),
  authority: readSetting('authority'),
  environment: readSetting('environment'),
  tenantId: readSetting('tenantId'),
  clientId: readSetting('clientId'),
  clientSecret: readSetting('clientSecret'),
  refreshToken: readSetting('refreshToken'),
});
await refreshOnRequest(refresh);
