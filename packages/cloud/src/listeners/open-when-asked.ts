import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';

/** A server that is made when its first request comes, which waits for it. */
export interface LazyServer {
  take: RequestListener;
  /** Closes it if it was ever opened. */
  close(): Promise<void>;
}

type LazyListener = (...exchange: Parameters<RequestListener>) => Promise<void>;

/** Puts off what a server costs until somebody asks for it. */
export function openWhenAsked(open: () => Promise<FastifyInstance>): LazyServer {
  let opening: Promise<FastifyInstance> | undefined;
  let app: FastifyInstance | undefined;
  let isClosed = false;
  const answerLate: LazyListener = async (request, response) => {
    try {
      opening ??= open();
      app = await opening;
      app.routing(request, response);
    } catch (error) {
      response.writeHead(httpStatus.serverError, { 'content-type': 'text/plain; charset=utf-8' });
      const reason = error instanceof Error ? error.message : 'no reason was given';
      response.end(`This service could not be opened: ${reason}\n`);
    }
  };
  return {
    take(request, response) {
      if (app) app.routing(request, response);
      else if (isClosed && !opening) response.destroy();
      else void answerLate(request, response);
    },
    async close() {
      isClosed = true;
      // One that could not be opened has told its callers, and left nothing to close.
      await opening?.then(
        (opened) => opened.close(),
        () => {},
      );
    },
  };
}
