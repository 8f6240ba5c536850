import { startLocalCloud } from '@latchkey/cloud';
import { fetchTokens } from '../../../e2e/support/fetch-tokens.ts';
import { announceReady } from './serve.ts';

/** The local Microsoft cloud, and what a person's sign-in has brought: a refresh token that stays good with its use. */
const cloud = await startLocalCloud();
const { app, refreshToken, tokenPath } = await fetchTokens(cloud);
announceReady({
  authority: cloud.entra.http,
  environment: cloud.crm.http,
  tokenUrl: `${cloud.entra.http}${tokenPath}`,
  tenantId: app.tenantId,
  clientId: app.clientId,
  clientSecret: app.clientSecret,
  refreshToken,
});
