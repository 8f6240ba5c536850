import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EntraError } from '../../entra/errors/entra-error.ts';
import { explainFormError } from '../../entra/errors/explain-form-error.ts';
import { GraphError } from '../../graph/errors/graph-error.ts';
import { httpStatus } from '../../ground/http-status.ts';
import { html } from '../../web/html.ts';
import { FormError } from '../../web/parse-form.ts';
import { registrationsPath } from '../pages/navigation.ts';
import { portalCookies } from '../session/portal-cookies.ts';
import { findSession } from '../session/sessions.ts';
import type { PortalContext } from '../visit/portal-context.ts';
import { PortalError } from './portal-error.ts';
import { sendPage } from './send-page.ts';

/** What an old page or a bookmark leads to most often. */
const deletedMeanwhile = html`<p>Somebody may have deleted it meanwhile. Applications are listed under
<a href="${registrationsPath}/all">All applications</a> and, for 30 days more, under
<a href="${registrationsPath}/deleted">Deleted applications</a>.</p>`;

/** People get every failure as a page; what no rule foresaw tells nothing of the inside. */
export function answerErrors(app: FastifyInstance, context: PortalContext): void {
  const send = (request: FastifyRequest, reply: FastifyReply, status: number, message: string) =>
    sendPage(
      context,
      { request, reply, session: sessionOf(context, request, reply) },
      {
        title: status === httpStatus.notFound ? 'Not found' : 'Something went wrong',
        area: 'home',
        status,
        body: html`<p class="notice bad" role="alert">${message}</p>
${status === httpStatus.notFound ? deletedMeanwhile : undefined}<p><a href="/">Go to the first page</a></p>`,
      },
    );
  app.setErrorHandler((failure: FastifyError | FormError, request, reply) => {
    const { status, message } = describe(failure);
    return send(request, reply, status, message);
  });
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, httpStatus.notFound, 'There is no such page.'),
  );
}

function describe(failure: FastifyError | FormError): { status: number; message: string } {
  if (failure instanceof PortalError || failure instanceof GraphError) return failure;
  if (failure instanceof EntraError) return { status: httpStatus.badRequest, message: failure.message };
  if (failure instanceof FormError) {
    return { status: httpStatus.badRequest, message: explainFormError(failure).message };
  }
  const status = failure.statusCode ?? httpStatus.serverError;
  return status < httpStatus.serverError
    ? { status, message: 'The request could not be read.' }
    : {
        status: httpStatus.serverError,
        message: 'The portal failed. Try again, or look at the state of the local cloud.',
      };
}

// The session decides the menus alone; a failure to read it must not hide the first failure.
function sessionOf(context: PortalContext, request: FastifyRequest, reply: FastifyReply) {
  return findSession(context, portalCookies(request, reply).read('session'));
}
