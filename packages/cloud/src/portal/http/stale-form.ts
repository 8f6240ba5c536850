import { createHash } from 'node:crypto';
import { type Html, html } from '../../web/html.ts';
import type { Refusal } from '../graph/call-graph.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';

const fieldName = 'version';

/** A form that writes whole values carries what they were made from, so that nobody undoes another's change unseen. */
export function versionField(shown: object): Html {
  return html`<input type="hidden" name="${fieldName}" value="${digest(shown)}">`;
}

/** Why a form can't be taken: what it was made from was changed since its page was opened. */
export function staleRefusal({ form }: Pick<PortalVisit, 'form'>, present: object): Refusal | undefined {
  const version = form.get(fieldName);
  if (version === undefined || version === digest(present)) return undefined;
  return {
    message:
      'Somebody changed this since you opened the page, so nothing was saved. Look at what there is now, and save again if you still want to.',
  };
}

function digest(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
