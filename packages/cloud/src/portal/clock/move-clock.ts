import type { MovableClock } from '../../clock.ts';
import { millisecondsPerDay, millisecondsPerHour } from '../../ground/durations.ts';
import { html } from '../../web/html.ts';
import { PortalError } from '../http/portal-error.ts';
import { formTokenField, goodNotice, refusalNotice } from '../pages/form-parts.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';

const path = '/clock';

/** The cloud's time, where people may move it. */
export const clockRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showClock(visit) },
  { method: 'POST', path, handle: moveClock },
];

const units: readonly { unit: string; milliseconds: number }[] = [
  { unit: 'minutes', milliseconds: 60_000 },
  { unit: 'hours', milliseconds: millisecondsPerHour },
  { unit: 'days', milliseconds: millisecondsPerDay },
];
const mostUnits = 1000;
/** Far enough for everything that ends, near enough for every date. */
const latest = Date.UTC(2100, 0, 1);

function moveClock(visit: PortalVisit): PortalAnswer {
  const clock = requireMovableClock(visit);
  const unit = units.find((known) => known.unit === visit.form.get('unit'));
  const amount = Number(visit.form.get('amount'));
  const isWhole = Number.isInteger(amount) && amount >= 1 && amount <= mostUnits;
  if (!unit || !isWhole) return showClock(visit, `Move the clock on by 1 to ${mostUnits} of a unit.`);
  const milliseconds = amount * unit.milliseconds;
  if (clock.now() + milliseconds > latest)
    return showClock(visit, 'The clock can not be moved past the year 2099.');
  clock.advance(milliseconds);
  return goTo(`${path}?done=moved`);
}

function showClock(visit: PortalVisit, refusal?: string): PortalAnswer {
  const clock = requireMovableClock(visit);
  return showPage({
    title: 'Clock',
    area: 'clock',
    trail: [{ title: 'Home', path: '/' }],
    body: html`${refusalNotice(refusal === undefined ? undefined : { message: refusal })}
${goodNotice(visit.query.get('done') === 'moved' ? 'The clock was moved.' : undefined)}
<div class="card"><dl><dt>Time in this cloud (UTC)</dt><dd>${new Date(clock.now()).toISOString()}</dd></dl></div>
<p>Moves the time of this local cloud alone, on and never back: tokens, sessions, secrets and deleted applications end
as if so much time had gone by. Other programs keep their own time.</p>
<form method="post" action="${path}" class="card">${formTokenField(visit)}
<div class="field"><label for="amount">Move on by</label>
<input type="number" id="amount" name="amount" min="1" max="${String(mostUnits)}" value="1" required></div>
<div class="field"><label for="unit">Unit</label>
<select id="unit" name="unit">${units.map(({ unit }) => html`<option>${unit}</option>`)}</select></div>
<div class="actions"><button type="submit">Move the clock</button></div></form>`,
  });
}

function requireMovableClock({ context: { movableClock } }: PortalVisit): MovableClock {
  if (!movableClock) throw new PortalError(404, 'The clock of this cloud can not be moved.');
  return movableClock;
}
