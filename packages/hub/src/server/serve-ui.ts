import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../errors/hub-error.ts';
import type { HubApp } from '../http/hub-app.ts';
import { pageContentPolicy } from '../http/security-headers.ts';
import { answerCallback, isCallback } from '../sign-ins/answer-callback.ts';
import type { SignInContext } from '../sign-ins/sign-in-subject.ts';

const indexFile = 'index.html';

/** Vite puts a digest of the content into the names of what lies here: such a file never changes. */
const digestedFolder = 'assets';

const noUiPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Latchkey</title>
<body><h1>Latchkey is running</h1>
<p>The web UI is not built. Build it with <code>npm start</code>, or use the API: <a href="/openapi.json">/openapi.json</a>.</p>
</body></html>
`;

/**
 * Serves the built UI. Its pages have addresses of their own (`/connections/…`), which all are the one document; what
 * is below `/api/` or is asked for by a program stays a problem.
 */
export async function serveUi(app: HubApp, context: SignInContext): Promise<void> {
  const { webFolder } = context.config;
  if (webFolder !== null) {
    await app.register(fastifyStatic, {
      root: path.resolve(webFolder),
      index: false,
      dotfiles: 'ignore',
      // A folder is no file; without an index the plugin would answer it with a failure of its own.
      allowedPath: (file) => !file.endsWith('/'),
      cacheControl: false,
      setHeaders: (reply, file) => {
        const digested = path.relative(webFolder, file).startsWith(`${digestedFolder}${path.sep}`);
        reply.header('cache-control', digested ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  const sendPage = (reply: FastifyReply) => {
    reply.header('content-security-policy', pageContentPolicy);
    return webFolder === null
      ? reply.type('text/html; charset=utf-8').send(noUiPage)
      : reply.sendFile(indexFile);
  };
  app.get('/', { schema: { hide: true } }, (request, reply) =>
    // The public client that administrators sign in with comes back to the root: no path of ours is registered for it.
    isCallback(request) ? answerCallback(context, request, reply) : sendPage(reply),
  );
  app.setNotFoundHandler((request, reply) => {
    const page = webFolder !== null && asksForPage(request);
    if (page) return sendPage(reply);
    // The address itself is not repeated: whoever mistypes one may have pasted anything.
    throw new HubError('route_not_found', { detail: `No address like this answers ${request.method}.` });
  });
}

function asksForPage(request: FastifyRequest): boolean {
  const isNavigation = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  const location = pathOf(request);
  // A name with an ending, or with a dot before it, is a file that is not there; and no page is below the files' folder.
  const isFile = path.extname(location) !== '' || /\/(?:\.|%2e)/i.test(location);
  const isBelow = (folder: string) => location.startsWith(`/${folder}/`);
  return isNavigation && !isFile && !isBelow('api') && !isBelow(digestedFolder);
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}
