import { type Fault, type FaultEffect, faultServices } from '../../faults/fault-rule.ts';
import { FaultRuleError } from '../../faults/read-fault-rule.ts';
import { accessDenied } from '../../graph/errors/graph-error.ts';
import { type Html, html } from '../../web/html.ts';
import type { Refusal } from '../graph/call-graph.ts';
import { dataTable, formTokenField, plainNotice, refusalNotice } from '../pages/form-parts.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';
import { faultKinds, readFaultForm } from './read-fault-form.ts';

const path = '/faults';

/** What goes wrong on purpose, to see how clients bear it. */
export const faultRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showFaults(visit) },
  { method: 'POST', path, handle: addFault },
  { method: 'POST', path: `${path}/remove`, handle: removeFault },
];

function addFault(visit: PortalVisit): PortalAnswer {
  if (!mayCause(visit)) throw accessDenied();
  try {
    visit.context.faults.add(readFaultForm(visit.form));
    return goTo(path);
  } catch (error) {
    if (error instanceof FaultRuleError) return showFaults(visit, error);
    throw error;
  }
}

function removeFault(visit: PortalVisit): PortalAnswer {
  if (!mayCause(visit)) throw accessDenied();
  visit.context.faults.remove(visit.form.get('fault') ?? '');
  return goTo(path);
}

function showFaults(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const faults = visit.context.faults.list();
  return showPage({
    title: 'Faults',
    area: 'faults',
    trail: [{ title: 'Home', path: '/' }],
    body: html`${refusalNotice(refusal)}
<p>Lets requests to this local cloud fail on purpose: late answers, lost connections, throttling, errors.</p>
${
  faults.length === 0
    ? plainNotice('Nothing goes wrong on purpose.')
    : dataTable({
        label: 'Faults',
        columns: ['Requests', 'What happens', 'Met', 'Left', 'Actions'],
        rows: faults.map((fault) => row(visit, fault)),
      })
}
${mayCause(visit) ? addForm(visit) : plainNotice('Only a Global Administrator can cause faults.')}`,
  });
}

function row(visit: PortalVisit, { id, rule, hits, remaining }: Fault): (Html | string)[] {
  const { service = 'any service', path: pattern = 'any path', clientId = 'any application', share } = rule;
  return [
    `${service}, ${pattern}, ${clientId}${share === undefined ? '' : `, a share of ${share}`}`,
    describeEffect(rule.effect),
    String(hits),
    remaining === null ? 'No end' : String(remaining),
    mayCause(visit)
      ? html`<form method="post" action="${path}/remove">${formTokenField(visit)}
<input type="hidden" name="fault" value="${id}"><button type="submit" class="secondary">Remove</button></form>`
      : '',
  ];
}

function describeEffect(effect: FaultEffect): string {
  const title = faultKinds.find(({ kind }) => kind === effect.kind)?.title ?? effect.kind;
  const details = Object.entries(effect)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => `${name} ${String(value)}`);
  return [title, ...details].join(', ');
}

function addForm(visit: PortalVisit): Html {
  const { form } = visit;
  const text = (id: string, label: string, hint: string, type = 'text') =>
    html`<div class="field"><label for="${id}">${label}</label><span class="hint" id="${id}-hint">${hint}</span>
<input type="${type}" id="${id}" name="${id}" value="${form.get(id) ?? ''}" aria-describedby="${id}-hint" autocomplete="off"></div>`;
  const option = (value: string, title: string, chosen: string | undefined) =>
    html`<option value="${value}"${value === chosen ? html` selected` : undefined}>${title}</option>`;
  return html`<h2>Cause a fault</h2>
<form method="post" action="${path}" class="card">${formTokenField(visit)}
<div class="field"><label for="kind">What happens</label>
<select id="kind" name="kind">${faultKinds.map(({ kind, title }) => option(kind, title, form.get('kind')))}</select></div>
${text('number', 'How much', 'Milliseconds of delay, seconds of Retry-After, or the HTTP status, by what happens.', 'number')}
<div class="field"><label for="service">Service</label><select id="service" name="service"><option value="">Any</option>
${faultServices.map((service) => option(service, service, form.get('service')))}</select></div>
${text('path', 'Path (optional)', 'A star stands for anything, e.g. */oauth2/v2.0/token.')}
${text('client', 'Application (client) ID (optional)', 'Requests of one application alone.')}
${text('times', 'Times (optional)', 'The next so many requests; the next one when left out.', 'number')}
<div class="actions"><button type="submit">Cause fault</button></div></form>`;
}

function mayCause({ session }: PortalVisit): boolean {
  return session.user.directoryRoles.includes('Global Administrator');
}
