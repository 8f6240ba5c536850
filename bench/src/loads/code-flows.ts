import { createHash, randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import type { FlowLoad } from '../measuring/run-flows.ts';

/**
 * Signs a person in over and over, as an app with a live session and given consent does: authorize, redeem the code,
 * refresh. Prints one line of JSON with the milliseconds of each complete flow.
 */
const { authorizeUrl, cookie, tokenUrl, client, redirectUri, connections, seconds } = JSON.parse(
  process.argv[2] ?? '',
) as FlowLoad & { seconds: number };

const pool = new Pool(new URL(authorizeUrl).origin, { connections });
const tokenPath = new URL(tokenUrl).pathname;

async function askForCode(challenge: string): Promise<string> {
  const url = new URL(authorizeUrl);
  url.searchParams.set('code_challenge', challenge);
  const answer = await pool.request({
    method: 'GET',
    path: `${url.pathname}${url.search}`,
    headers: { cookie },
  });
  await answer.body.dump();
  const { location } = answer.headers;
  const code = typeof location === 'string' ? new URL(location).searchParams.get('code') : null;
  if (code === null) throw new Error(`Authorize answered ${answer.statusCode} and sent no code.`);
  return code;
}

async function askForTokens(form: Record<string, string>): Promise<{ refresh_token: string }> {
  const answer = await pool.request({
    method: 'POST',
    path: tokenPath,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...client, ...form }).toString(),
  });
  if (answer.statusCode !== 200) throw new Error(`The token endpoint answered ${answer.statusCode}.`);
  const tokens = (await answer.body.json()) as Record<string, unknown>;
  const { access_token: accessToken, id_token: idToken, refresh_token: refreshToken } = tokens;
  if (!accessToken || !idToken || typeof refreshToken !== 'string') throw new Error('A token is missing.');
  return { refresh_token: refreshToken };
}

async function flow(): Promise<void> {
  const verifier = randomBytes(32).toString('base64url');
  const code = await askForCode(createHash('sha256').update(verifier).digest('base64url'));
  const redeemed = await askForTokens({
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  });
  await askForTokens({ grant_type: 'refresh_token', refresh_token: redeemed.refresh_token });
}

const endsAt = performance.now() + seconds * 1000;
const milliseconds: number[] = [];

async function flowsUntilTheEnd(): Promise<void> {
  while (performance.now() < endsAt) {
    const startedAt = performance.now();
    await flow();
    milliseconds.push(performance.now() - startedAt);
  }
}

await Promise.all(Array.from({ length: connections }, flowsUntilTheEnd));
await pool.close();
process.stdout.write(`${JSON.stringify(milliseconds)}\n`);
