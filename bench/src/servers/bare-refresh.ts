import { Pool } from 'undici';
import { refreshOnRequest } from './refresh-on-request.ts';
import { readSetting } from './serve.ts';

/** A bare loop of undici requests: the refresh itself, and its answer read. */
const tokenUrl = new URL(readSetting('tokenUrl'));
const pool = new Pool(tokenUrl.origin, { connections: Number(readSetting('connections')) });
const body = new URLSearchParams({
  grant_type: 'refresh_token',
  client_id: readSetting('clientId'),
  client_secret: readSetting('clientSecret'),
  refresh_token: readSetting('refreshToken'),
  scope: `${readSetting('environment')}/user_impersonation offline_access openid profile`,
}).toString();

await refreshOnRequest(async () => {
  const answer = await pool.request({
    method: 'POST',
    path: tokenUrl.pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const { access_token: accessToken } = (await answer.body.json()) as { access_token?: string };
  if (accessToken === undefined) throw new Error(`The token endpoint answered ${answer.statusCode}.`);
});
