import { existsSync } from 'node:fs';
import { type Browser, chromium } from '@playwright/test';
import sparticuz from '@sparticuz/chromium';

const installedBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Without these, Chromium calls home at its start; tests reach nothing but this machine. */
export const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the Chromium that CHROME names, the machine's, or the one that an npm package ships. */
export async function launchBrowser(...furtherFlags: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: await findBrowser(),
    args: [...quietFlags, ...furtherFlags],
  });
}

/** @returns the path of that Chromium */
export async function findBrowser(): Promise<string> {
  return (
    process.env.CHROME ??
    installedBrowsers.find((file) => existsSync(file)) ??
    (await sparticuz.executablePath())
  );
}
