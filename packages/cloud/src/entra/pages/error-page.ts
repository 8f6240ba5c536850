import { html } from '../../web/html.ts';
import type { EntraError } from '../errors/entra-error.ts';
import type { RequestTrace } from '../errors/trace-request.ts';
import type { Page } from '../http/page.ts';

const badRequest = 400;

/** What a person sees where the app can't be told: the app gets no callback. */
export function errorPage(error: EntraError, trace: RequestTrace): Page {
  const message = `AADSTS${error.code}: ${error.message}`;
  return {
    title: 'Sign in to your account',
    status: badRequest,
    body: html`<h1>Sign in</h1>
<p>Sorry, but we're having trouble signing you in.</p>
<div id="service_exception_message" role="alert"><p id="exceptionMessage">${message}</p></div>
<h2 class="app">Troubleshooting details</h2>
<dl>
<dt>Request Id</dt><dd>${trace.traceId}</dd>
<dt>Correlation Id</dt><dd>${trace.correlationId}</dd>
<dt>Timestamp</dt><dd>${trace.timestamp}</dd>
<dt>Message</dt><dd>${message}</dd>
</dl>`,
  };
}
