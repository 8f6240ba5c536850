import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { seededUsers } from '@latchkey/cloud';
import { signIn } from '@latchkey/cloud/playwright';
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, it } from 'vitest';
import { expect } from './support/expect.ts';
import { findBasePort } from './support/free-ports.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import type { RunningCommand } from './support/run-command.ts';
import { runLatchkey } from './support/run-latchkey.ts';

/** A name that leads to the cloud from where the clients are, and nowhere from where the cloud is. */
const name = 'cloud.test';

let folder: string;
let port: number;
let cloud: RunningCommand;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-elsewhere-'));
  port = await findBasePort();
  const words = ['--data', folder, '--port', String(port), '--public-host', name];
  cloud = runLatchkey(['cloud', '--host', '0.0.0.0', ...words]);
  await cloud.until('CURL_CA_BUNDLE');
  browser = await launchBrowser(`--host-resolver-rules=MAP ${name} 127.0.0.1`);
});
afterAll(async () => {
  await browser?.close();
  cloud?.signal('SIGTERM');
  await cloud?.ended;
  await rm(folder, { recursive: true, force: true });
});

it('warns whom it lets in, and prints addresses that lead there', async () => {
  const printed = cloud.stdout();
  expect(printed).toMatch(/for development only; listens on 0\.0\.0\.0\n +Warning: whoever reaches it/);
  expect(printed).toContain(`Entra ID        http://${name}:${port + 1}   https://${name}:${port + 11}`);
  expect(printed).toContain(`export HTTPS_PROXY=http://${name}:${port + 5}`);
  expect(printed).not.toContain('http://localhost');
  const env = runLatchkey(['cloud', '--data', folder, '--port', String(port), '--public-host', name, 'env']);
  const { stdout } = await env.ended;
  expect(stdout).toContain(`export HTTPS_PROXY=http://${name}:${port + 5}\n`);
  expect(stdout).toContain(`export NO_PROXY=localhost,127.0.0.1,::1,${name}\n`);
});

it('lets a person into the portal by that name', async () => {
  const page = await openPage(browser);
  await page.goto(`http://${name}:${port + 4}/`);
  await signIn(page, seededUsers.administrator);
  await expect(page.getByText(seededUsers.administrator).first()).toBeVisible();
  expect(new URL(page.url()).host).toBe(`${name}:${port + 4}`);
});

it('shows a certificate that has the name, and documents that have it', async () => {
  const ca = await readFile(path.join(folder, 'cloud', 'ca.pem'), 'utf8');
  const document = await new Promise((resolve, reject) => {
    request({
      host: '127.0.0.1',
      port: port + 11,
      servername: name,
      ca,
      path: '/common/v2.0/.well-known/openid-configuration',
    })
      .on('response', (response) => resolve(json(response)))
      .on('error', reject)
      .end();
  });
  const origin = `https://${name}:${port + 11}`;
  expect(document).toMatchObject({
    issuer: `${origin}/{tenantid}/v2.0`,
    token_endpoint: `${origin}/common/oauth2/v2.0/token`,
    device_authorization_endpoint: `${origin}/common/oauth2/v2.0/devicecode`,
  });
});

it('is still controlled from its own machine alone', async () => {
  const seed = await runLatchkey(['cloud', '--port', String(port), 'export']).ended;
  expect(seed).toMatchObject({ code: 0, stdout: expect.stringContaining('contoso') });
  const rebound = await fetch(`http://127.0.0.1:${port + 1}/_latchkey/seed`, {
    headers: { origin: 'http://rebound.example' },
  });
  expect(rebound.status).toBe(403);
});
