import { type Html, html } from '../../web/html.ts';
import { stepField } from '../http/pressed-step.ts';

// Both are `<input>`s, and the main one is the page's only submit button, as on the real pages: scripts look for
// `input#idSIButton9`, `input[type=submit]` and `input[value=No]`.

/** The button that goes on: the one that Enter presses. */
export function mainButton(
  step: string,
  label: string,
  { describedBy }: { describedBy?: string } = {},
): Html {
  return html`<input type="submit" id="idSIButton9" name="${stepField(step)}" value="${label}"${
    describedBy === undefined ? undefined : html` aria-describedby="${describedBy}"`
  }>`;
}

/** The other button. Where scripts don't run, a submit button stands in for it. */
export function otherButton(step: string, label: string): Html {
  return html`<input type="button" class="secondary" id="idBtn_Back" data-step="${step}" value="${label}">
<noscript><button type="submit" class="secondary" name="step" value="${step}">${label}</button></noscript>`;
}
