import { type Html, html } from '../../web/html.ts';
import type { PortalSession } from '../session/sessions.ts';

/** The name of the field that proves that a form came from a page of this session. */
export const formTokenName = 'form_token';

/** The name of the field that tells a form that was sent twice. */
export const formIdName = 'form_id';

/** Every form carries it, so that no other site can send one (CSRF), and, with an id, so that it counts once. */
export function formTokenField({
  session,
  formId,
}: {
  session: Pick<PortalSession, 'formToken'>;
  formId?: string;
}): Html {
  const id =
    formId === undefined ? undefined : html`<input type="hidden" name="${formIdName}" value="${formId}">`;
  return html`<input type="hidden" name="${formTokenName}" value="${session.formToken}">${id}`;
}

/** Why something was refused, above the form. */
export function refusalNotice(refusal: { message: string } | undefined): Html | undefined {
  return refusal && html`<p class="notice bad" role="alert">${refusal.message}</p>`;
}

export function goodNotice(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<p class="notice good" role="status">${text}</p>`;
}

export function plainNotice(text: string): Html {
  return html`<p class="notice note">${text}</p>`;
}

/** A value with a button that copies it, where scripts run. */
export function copyable(what: string, value: string): Html {
  return html`<span class="value">${value}</span><button type="button" class="copy" data-copy="${value}"
 data-what="${what}" aria-label="Copy ${what}" hidden>Copy</button>`;
}

/** A check box or radio button with its label and, where given, a line of text. */
export function choice({
  type,
  id,
  name,
  value = 'on',
  label,
  hint,
  isChecked = false,
  selects,
}: {
  type: 'checkbox' | 'radio';
  id: string;
  name: string;
  value?: string;
  label: string;
  hint?: string | undefined;
  isChecked?: boolean;
  /** The id of the element whose boxes this one ticks. */
  selects?: string;
}): Html {
  return html`<div class="choice"><input type="${type}" id="${id}" name="${name}" value="${value}"${
    isChecked ? html` checked` : undefined
  }${hint === undefined ? undefined : html` aria-describedby="${id}-hint"`}${
    selects === undefined ? undefined : html` data-selects="${selects}"`
  }>
<label for="${id}">${label}</label>${hint === undefined ? undefined : html`<span class="hint" id="${id}-hint">${hint}</span>`}</div>`;
}

/** A button that asks before it does something that can't be taken back; it needs no script. */
export function askedButton(
  visit: Parameters<typeof formTokenField>[0],
  {
    label,
    name,
    action,
    fields,
    warning,
    answer,
  }: {
    label: string;
    /** What it is about, for those who do not see the row. */
    name: string;
    action: string;
    fields: Readonly<Record<string, string>>;
    warning: string;
    answer: string;
  },
): Html {
  return html`<details><summary>${label}<span class="visually-hidden"> ${name}</span></summary>
<form method="post" action="${action}">${formTokenField(visit)}${Object.entries(fields).map(
    ([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`,
  )}
<p>${warning}</p><button type="submit" class="danger">${answer}</button></form></details>`;
}

/** A line of text to fill in, with its label and, where given, a hint. */
export function textField({
  id,
  label,
  hint,
  value = '',
  type = 'text',
  isRequired = false,
  maximumLength,
  placeholder,
}: {
  /** Its name, too. */
  id: string;
  label: string;
  hint?: string;
  value?: string | undefined;
  type?: 'text' | 'url' | 'number' | 'date' | 'password';
  isRequired?: boolean;
  maximumLength?: number;
  placeholder?: string;
}): Html {
  return html`<div class="field"><label for="${id}">${label}</label>${
    hint === undefined ? undefined : html`<span class="hint" id="${id}-hint">${hint}</span>`
  }
<input type="${type}" id="${id}" name="${id}" value="${value}" autocomplete="off" autocapitalize="none" spellcheck="false"${
    isRequired ? html` required` : undefined
  }${maximumLength === undefined ? undefined : html` maxlength="${String(maximumLength)}"`}${
    placeholder === undefined ? undefined : html` placeholder="${placeholder}"`
  }${hint === undefined ? undefined : html` aria-describedby="${id}-hint"`}></div>`;
}

/** The texts of values that can be chosen. */
export type Options<Value extends string> = Readonly<Record<Value, string>>;

/** Whether what came in a form is one of the values that were offered. */
export function isOption<Value extends string>(
  options: Options<Value>,
  text: string | undefined,
): text is Value {
  return text !== undefined && Object.hasOwn(options, text);
}

/** One of several values to choose, with its label. */
export function selectField({
  id,
  label,
  options,
  chosen,
}: {
  /** Its name, too. */
  id: string;
  label: string;
  options: Options<string>;
  chosen: string;
}): Html {
  return html`<div class="field"><label for="${id}">${label}</label><select id="${id}" name="${id}">
${Object.entries(options).map(
  ([value, text]) =>
    html`<option value="${value}"${value === chosen ? html` selected` : undefined}>${text}</option>`,
)}</select></div>`;
}

/** Links to pages that belong together, as tabs. */
export function tabBar(
  label: string,
  tabs: readonly { title: string; path: string; isCurrent: boolean }[],
): Html {
  return html`<nav class="tabs" aria-label="${label}">${tabs.map(
    ({ title, path, isCurrent }) =>
      html`<a href="${path}"${isCurrent ? html` aria-current="page"` : undefined}>${title}</a>`,
  )}</nav>`;
}

/**
 * A table that becomes a list of cards on a narrow screen. The roles are written out, since browsers take them away
 * when the look changes.
 */
export function dataTable({
  label,
  columns,
  rows,
}: {
  label: string;
  columns: readonly string[];
  rows: readonly (readonly (Html | string)[])[];
}): Html {
  return html`<table class="table" role="table" aria-label="${label}">
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  (cells) => html`<tr role="row">${cells.map(
    (cell, index) => html`<td role="cell" data-label="${columns[index] ?? ''}">${cell}</td>`,
  )}</tr>
`,
)}</tbody></table>`;
}

/** A day as the portal writes it: 12/31/2026. */
export function formatDay(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toLocaleDateString('en-US', { timeZone: 'UTC' });
}
