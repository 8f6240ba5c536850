import {
  type ApplicationDocument,
  applicationDocumentSchema,
  emptyApplicationDocument,
} from '../../directory/application-document.ts';
import { isText } from '../../ground/read-row.ts';
import { readKeyCredentials } from '../credentials/read-key-credentials.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { mergeProperties } from '../operation/property-table.ts';

/** An application as a call wants it to be, before the rules that span several properties are checked. */
export interface ApplicationDraft {
  displayName: string;
  document: ApplicationDocument;
}

/** What the directory keeps in fields of their own; the rest is among the document's `properties`. */
const fieldNames = [
  ...Object.keys(emptyApplicationDocument(null)),
  'federatedIdentityCredentials',
  'uniqueName',
];

/**
 * Puts the properties of a create or an update, as their table reads them, into a draft. Complex properties (`web`,
 * `api`, …) are merged, arrays replaced whole, as the real service does.
 *
 * @throws GraphError 400 for certificates that can't be taken
 */
export function applyApplicationProperties(draft: ApplicationDraft, given: GraphResource): void {
  const { displayName, keyCredentials, passwordCredentials: _secrets, ...rest } = given;
  const { properties, ...fields } = draft.document;
  const merged = mergeProperties({ ...properties, ...fields }, rest);
  if (isText(displayName)) draft.displayName = displayName;
  draft.document = toDocument({
    ...merged,
    ...(keyCredentials !== undefined && {
      keyCredentials: readKeyCredentials(keyCredentials, fields.keyCredentials),
    }),
  });
}

function toDocument(merged: GraphResource): ApplicationDocument {
  const [fields, properties]: [GraphResource, GraphResource] = [{}, {}];
  for (const [name, value] of Object.entries(merged)) {
    (fieldNames.includes(name) ? fields : properties)[name] = value;
  }
  const document: unknown = { ...fields, ...(Object.keys(properties).length > 0 && { properties }) };
  if (applicationDocumentSchema(document)) return document;
  throw new Error('A property was read as something that the directory does not keep.');
}
