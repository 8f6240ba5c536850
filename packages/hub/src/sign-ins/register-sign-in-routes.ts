import { z } from 'zod';
import { HubError } from '../errors/hub-error.ts';
import { createSecret } from '../ground/random.ts';
import { callbackPath } from '../http/callback-path.ts';
import type { HubApp } from '../http/hub-app.ts';
import { answerCallback, answerProblem } from './answer-callback.ts';
import { beginSignIn } from './begin-sign-in.ts';
import { readBrowserCookie, setBrowserCookie } from './browser-cookie.ts';
import type { SignInContext } from './sign-in-subject.ts';

/** The way to Microsoft's sign-in page and back, walked by a person's browser. */
export function registerSignInRoutes(app: HubApp, context: SignInContext): void {
  const { config, random } = context;

  app.get(
    '/sign-in/:ticket',
    // A HEAD, as link previews send it, must not use up the link.
    { exposeHeadRoute: false, schema: { hide: true, params: z.object({ ticket: z.string() }) } },
    async (request, reply) => {
      const browserSecret = readBrowserCookie(request) ?? createSecret(random);
      try {
        const url = await beginSignIn(context, request.params.ticket, browserSecret);
        setBrowserCookie(reply, config, browserSecret);
        return await reply.header('cache-control', 'no-store').redirect(url);
      } catch (error) {
        if (error instanceof HubError) return answerProblem(request, reply, error, `${config.publicUrl}/`);
        throw error;
      }
    },
  );

  app.get(callbackPath, { exposeHeadRoute: false, schema: { hide: true } }, (request, reply) =>
    answerCallback(context, request, reply),
  );
}
