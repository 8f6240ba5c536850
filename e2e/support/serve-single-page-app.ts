import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** What the page tells `@azure/msal-browser`. */
export interface SinglePageAppSettings {
  clientId: string;
  authority: string;
  knownAuthorities: string[];
}

export interface SinglePageApp {
  /** `http://localhost:…/`; the library comes back to `/redirect` there. */
  address: string;
  close(): void;
}

/** To be registered for it; the port of a loopback address does not count. */
export const singlePageRedirectUri = 'http://localhost/redirect';

const require = createRequire(import.meta.url);
const libraries = path.dirname(require.resolve('@azure/msal-browser'));
const scripts: Readonly<Record<string, string>> = {
  '/msal-browser.js': path.join(libraries, 'msal-browser.min.js'),
  '/redirect-bridge.js': path.join(libraries, 'redirect-bridge', 'msal-redirect-bridge.min.js'),
  '/app.js': path.join(import.meta.dirname, 'single-page-app', 'app.js'),
};
const redirectPage = `<!doctype html><title>Redirect</title>
<script src="/redirect-bridge.js"></script><script>msalRedirectBridge.broadcastResponseToMainFrame()</script>`;

/** Serves a page with the library's own browser bundle, from an origin of its own. */
export async function serveSinglePageApp(settings: SinglePageAppSettings): Promise<SinglePageApp> {
  const pages: Readonly<Record<string, string>> = {
    '/': `<!doctype html><title>Single page app</title>
<script type="application/json" id="settings">${JSON.stringify(settings)}</script>
<script src="/msal-browser.js"></script><script src="/app.js"></script>`,
    '/redirect': redirectPage,
  };
  const contents = new Map(
    await Promise.all(
      Object.entries(scripts).map(async ([name, file]) => [name, await readFile(file, 'utf8')] as const),
    ),
  );
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const script = contents.get(pathname);
    const text = script ?? pages[pathname];
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://localhost:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
