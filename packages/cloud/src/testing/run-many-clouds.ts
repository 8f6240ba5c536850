// A process of its own for `many-clouds.test.ts`: starts many clouds at once, lets each serve a token, closes them,
// twice; then says as JSON what is left of them.
import { existsSync, readdirSync } from 'node:fs';
import { type LocalCloud, startLocalCloud } from '../start-local-cloud.ts';

const rounds = { first: 200, second: 100 };
const settlingTurns = 200;
const descriptors = '/proc/self/fd';
const clientId = '7a1c0000-0000-4000-8000-0000000000f1';
const secret = 'a-secret-for-tests-only';
const seed = {
  tenants: [
    {
      displayName: 'Fabrikam',
      domains: ['fabrikam.onmicrosoft.com'],
      applications: [{ displayName: 'Nightly', appId: clientId, secrets: [{ value: secret }] }],
    },
  ],
};

async function fetchToken({ entra, graph }: LocalCloud): Promise<string> {
  const answer = await fetch(`${entra.http}/fabrikam.onmicrosoft.com/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: `${graph.http}/.default`,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

async function runRound(clouds: number) {
  const started = await Promise.all(Array.from({ length: clouds }, () => startLocalCloud({ seed })));
  const tokens = await Promise.all(started.map(fetchToken));
  await Promise.all(started.map((cloud) => cloud.close()));
  return new Set(tokens).size;
}

/** What the process holds once the ends of closed connections have been heard of. */
async function measure() {
  for (let turn = 0; turn < settlingTurns; turn += 1) await new Promise(setImmediate);
  globalThis.gc?.();
  return {
    heapBytes: process.memoryUsage().heapUsed,
    // Where the system tells.
    descriptors: existsSync(descriptors) ? readdirSync(descriptors).length : 0,
  };
}

const warnings: string[] = [];
process.on('warning', ({ name }) => warnings.push(name));
const tokens = [await runRound(rounds.first)];
const afterFirst = await measure();
tokens.push(await runRound(rounds.second));
const afterSecond = await measure();
process.stdout.write(JSON.stringify({ tokens, afterFirst, afterSecond, warnings }));
