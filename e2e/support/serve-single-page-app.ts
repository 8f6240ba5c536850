import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** What the page tells its library. */
export interface SinglePageAppSettings {
  clientId: string;
  authority: string;
  /** For `@azure/msal-browser`. */
  knownAuthorities?: string[];
}

export interface SinglePageApp {
  /** `http://localhost:…/`; the library comes back to `/redirect` there. */
  address: string;
  close(): void;
}

/** What a page with a library is made of. */
interface Kind {
  /** Files by the path that they are served at. */
  scripts: Readonly<Record<string, string>>;
  /** HTML for `/redirect`, where that is not the app itself. */
  redirectPage?: string;
}

/** To be registered for it; the port of a loopback address does not count. */
export const singlePageRedirectUri = 'http://localhost/redirect';

const require = createRequire(import.meta.url);
const msal = path.dirname(require.resolve('@azure/msal-browser'));
const oidcClient = path.dirname(require.resolve('oidc-client-ts/package.json'));
const apps = path.join(import.meta.dirname, 'single-page-app');
const redirectBridge = '/redirect-bridge.js';
const kinds = {
  '@azure/msal-browser': {
    scripts: {
      '/library.js': path.join(msal, 'msal-browser.min.js'),
      '/app.js': path.join(apps, 'app.js'),
      [redirectBridge]: path.join(msal, 'redirect-bridge', 'msal-redirect-bridge.min.js'),
    },
    redirectPage: `<!doctype html><title>Redirect</title>
<script src="${redirectBridge}"></script><script>msalRedirectBridge.broadcastResponseToMainFrame()</script>`,
  },
  'oidc-client-ts': {
    scripts: {
      '/library.js': path.join(oidcClient, 'dist', 'browser', 'oidc-client-ts.min.js'),
      '/app.js': path.join(apps, 'oidc-client-app.js'),
    },
  },
} as const satisfies Record<string, Kind>;

/** Serves a page with the library's own browser bundle, from an origin of its own. */
export async function serveSinglePageApp(
  settings: SinglePageAppSettings,
  library: keyof typeof kinds = '@azure/msal-browser',
): Promise<SinglePageApp> {
  const { scripts, redirectPage }: Kind = kinds[library];
  const app = `<!doctype html><title>Single page app</title>
<script type="application/json" id="settings">${JSON.stringify(settings)}</script>
<script src="/library.js"></script><script src="/app.js"></script>`;
  const pages: Readonly<Record<string, string>> = { '/': app, '/redirect': redirectPage ?? app };
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
