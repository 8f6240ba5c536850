import { createHash } from 'node:crypto';
import type { Parameters } from '../../web/parse-form.ts';
import { formIdName } from '../pages/form-parts.ts';

/** Where forms led that were taken, so that a second click on their button leads there too and does nothing again. */
export interface SentForms {
  /** Where this very form led before; undefined for one that has not been taken yet. */
  locationOf(form: SentForm): string | undefined;
  remember(form: SentForm, location: string): void;
}

interface SentForm {
  sessionId: string;
  path: string;
  fields: Parameters;
}

/** Far more than anybody clicks twice within a moment. */
const capacity = 500;

/** Forms are told apart by everything in them; those without an id are never the same. */
export function createSentForms(): SentForms {
  const locations = new Map<string, string>();
  return {
    locationOf: (form) => (form.fields.has(formIdName) ? locations.get(digest(form)) : undefined),
    remember: (form, location) => {
      if (!form.fields.has(formIdName)) return;
      const [oldest] = locations.keys();
      if (locations.size >= capacity && oldest !== undefined) locations.delete(oldest);
      locations.set(digest(form), location);
    },
  };
}

function digest({ sessionId, path, fields }: SentForm): string {
  return createHash('sha256')
    .update(JSON.stringify([sessionId, path, ...fields]))
    .digest('base64url');
}
