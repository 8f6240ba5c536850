import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { openRedirectTarget } from '../../../e2e/support/open-redirect-target.ts';
import { againstLimit } from '../measuring/against-limit.ts';
import type { Effort } from '../measuring/effort.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { runFlows } from '../measuring/run-flows.ts';
import { runLoad } from '../measuring/run-load.ts';
import {
  type CloudCommand,
  prepareCloudFolder,
  seededApp,
  startCloudCommand,
} from '../measuring/start-cloud-command.ts';
import { withFolder } from '../measuring/with-folder.ts';

const mostMegabytes = 150;
const kilobytesPerMegabyte = 1024;
const connections = 10;
const loadSeconds = 5;

/**
 * Resident memory of `latchkey cloud` right after rounds of load, client-credentials tokens and whole sign-ins in
 * turns. The reference is the bar itself.
 */
export function cloudMemory(name: string, { rounds }: Effort): Promise<Outcome> {
  return withFolder(async (folder) => {
    await prepareCloudFolder(folder);
    const cloud = await startCloudCommand(folder);
    try {
      return againstLimit(name, 'MB', await loadAndMeasure(cloud, rounds), mostMegabytes);
    } finally {
      await cloud.close();
    }
  });
}

async function loadAndMeasure(cloud: CloudCommand, rounds: number): Promise<number[]> {
  const { clientId, clientSecret, tenant } = seededApp;
  const tokenUrl = `${cloud.entra}/${tenant}/oauth2/v2.0/token`;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  }).toString();
  const flow = await signInOnce(cloud);
  const measured: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await runLoad({ url: tokenUrl, form, connections }, loadSeconds);
    await runFlows({ ...flow, tokenUrl, connections }, loadSeconds);
    measured.push(await residentMegabytes(cloud.process));
  }
  return measured;
}

/** Signs a person in and consents, as a browser does. */
async function signInOnce(cloud: CloudCommand) {
  const { clientId, clientSecret, tenant } = seededApp;
  const landing = await openRedirectTarget();
  const { redirectUri } = landing;
  const scope = 'https://graph.microsoft.com/User.Read openid profile offline_access';
  const asked = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    code_challenge_method: 'S256',
  });
  const authorizeUrl = `${cloud.entra}/${tenant}/oauth2/v2.0/authorize?${asked.toString()}`;
  const browser = createPageBrowser();
  await signInOnPages(browser, {
    link: `${authorizeUrl}&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM`,
    userName: seededUsers.salesperson,
    password: seededPassword,
  });
  landing.close();
  return {
    authorizeUrl,
    redirectUri,
    cookie: await browser.cookiesFor(authorizeUrl),
    client: { client_id: clientId, client_secret: clientSecret, scope },
  };
}

/** Linux tells what a process has resident now. */
async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kilobytes) / kilobytesPerMegabyte;
}
