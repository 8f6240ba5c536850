import { isDeepStrictEqual } from 'node:util';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import type { GraphResource } from '../../graph/operation/graph-operation.ts';
import { presentApplication } from '../../graph/resources/present-application.ts';
import { isRecord, parseJson } from '../../ground/json.ts';
import { html } from '../../web/html.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { staleRefusal, versionField } from '../http/stale-form.ts';
import { formTokenField, goodNotice, refusalNotice } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { lookOnlyNotice, showBlade, visitApplication } from './visit-application.ts';

const path = applicationPath(':id', 'manifest');
const indent = 2;

/** "Manifest": the application as Microsoft Graph shows it, and takes it by PATCH. */
export const manifestRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showManifest(visit) },
  { method: 'POST', path, handle: saveManifest },
];

/** Sends what differs from the present state, so that read-only properties that nobody touched are no obstacle. */
function saveManifest(visit: PortalVisit): PortalAnswer {
  const wanted = parseJson(visit.form.get('manifest') ?? '');
  if (!isRecord(wanted))
    return showManifest(visit, { message: 'The manifest is not valid JSON of one object.' });
  const present = manifestOf(visit);
  const stale = staleRefusal(visit, present);
  if (stale) return showManifest(visit, stale);
  const body = Object.fromEntries(
    Object.entries(wanted).filter(([property, value]) => !isDeepStrictEqual(value, present[property])),
  );
  const refusal = refusalOf(() => updateApplicationFromBody(graphCall(visit, { body })));
  if (refusal) return showManifest(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'manifest')}?done=saved`);
}

function showManifest(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const manifest = manifestOf(visit);
  const text = (refusal && visit.form.get('manifest')) ?? JSON.stringify(manifest, null, indent);
  const { mayManage } = visited;
  return showBlade(visited, 'manifest', {
    body: html`${refusalNotice(refusal)}${
      refusal &&
      html`<p>What you typed is kept below. <a
href="${applicationPath(visited.application.id, 'manifest')}">Load the present manifest instead</a>.</p>`
    }${lookOnlyNotice(visited)}
${goodNotice(visit.query.get('done') === 'saved' ? 'The manifest was saved.' : undefined)}
<p>The application as Microsoft Graph knows it. What you change is checked and saved as by a PATCH; what you leave out
stays as it is.</p>
<form method="post" action="${applicationPath(visited.application.id, 'manifest')}">${formTokenField(visit)}${versionField(manifest)}
<div class="field"><label for="manifest">Manifest</label>
<textarea id="manifest" name="manifest" spellcheck="false"${mayManage ? undefined : html` readonly`}>
${text}</textarea></div>
${mayManage ? html`<div class="actions"><button type="submit">Save</button></div>` : undefined}</form>`,
  });
}

/** As a reader of the JSON sees it: no undefined, no shared objects. */
function manifestOf(visit: PortalVisit): GraphResource {
  const { application } = visitApplication(visit);
  const manifest = parseJson(JSON.stringify(presentApplication(visit.context.directory, application)));
  if (!isRecord(manifest)) throw new Error('A manifest is a JSON object.');
  return manifest;
}
