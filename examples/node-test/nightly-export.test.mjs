import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { createMovableClock, startLocalCloud } from '@latchkey/cloud';

const seed = path.join(import.meta.dirname, '../app/orders.seed.yaml');
const clientId = '7a1c0000-0000-4000-8000-0000000000e1';

async function askForToken(cloud) {
  const answer = await fetch(`${cloud.entra.http}/fabrikam.onmicrosoft.com/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: 'another-secret-for-tests-only',
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  return answer.json();
}

test('gets a token until its secret ends', async () => {
  const clock = createMovableClock({ now: () => Date.parse('2029-12-31T12:00:00Z') });
  await using cloud = await startLocalCloud({ seed, clock });
  assert.equal((await askForToken(cloud)).token_type, 'Bearer');
  cloud.clock.advance(24 * 60 * 60 * 1000);
  const { error, error_codes: codes } = await askForToken(cloud);
  assert.equal(error, 'invalid_client');
  assert.deepEqual(codes, [7000222]);
  assert.equal(cloud.signIns.list().length, 2);
});

test('begins anew in each test', async () => {
  await using cloud = await startLocalCloud({ seed });
  cloud.faults.add({ service: 'entra', effect: { kind: 'server_error', status: 503 } });
  const { access_token: token } = await askForToken(cloud);
  assert.equal(token, undefined);
  assert.equal((await askForToken(cloud)).token_type, 'Bearer');
});
