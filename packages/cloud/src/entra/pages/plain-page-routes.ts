import { lookUpAadsts } from '@latchkey/microsoft';
import type { FastifyInstance } from 'fastify';
import { html } from '../../web/html.ts';
import { parseQuery } from '../../web/parse-form.ts';
import type { EntraContext } from '../entra-context.ts';
import { sendOutcome, showPage } from '../http/outcome.ts';
import type { Page } from '../http/page.ts';
import { passwordHelpPage, passwordHelpPath } from './password-help-page.ts';

const notFound = 404;

/**
 * Pages that ask nothing: where the browser of a mobile or desktop app ends up when the app has no address of its own
 * ("Redirect URI restrictions": `nativeclient`), what "Forgot my password" and an answer's `error_uri` lead to.
 */
export function registerPlainPageRoutes(app: FastifyInstance, context: EntraContext): void {
  app.get('/:tenant/oauth2/nativeclient', (_request, reply) =>
    sendOutcome(context, reply, showPage(nativeClientPage)),
  );
  app.get(passwordHelpPath, (_request, reply) =>
    sendOutcome(context, reply, showPage(passwordHelpPage(context.addresses.portal.http))),
  );
  app.get('/error', (request, reply) => {
    const code = Number(parseQuery(request.url).get('code'));
    return sendOutcome(context, reply, showPage(errorLookupPage(code)));
  });
}

/** The app watches the address, which holds the answer; the page itself says nothing of it. */
const nativeClientPage: Page = {
  title: 'Signed in',
  body: html`<h1>You can go back to the app</h1>
<p>The app reads its answer from the address of this page. Nothing else is to be done here.</p>`,
};

function errorLookupPage(code: number): Page {
  const entry = lookUpAadsts(code);
  if (!entry) {
    return {
      title: 'Error lookup',
      status: notFound,
      body: html`<h1>Error lookup</h1>
<p>The local Entra ID answers with no such code.</p>`,
    };
  }
  const name = `AADSTS${code}`;
  return {
    title: name,
    body: html`<h1>${name}</h1>
<dl>
<dt>Message</dt><dd>${entry.message}</dd>
<dt>Why</dt><dd>${entry.cause}</dd>
<dt>Remediation</dt><dd>${entry.remedy}</dd>
</dl>`,
  };
}
