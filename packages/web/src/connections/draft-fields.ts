import type { FieldErrors } from '../failures/field-errors.ts';
import type { ConnectionDraft } from './connection-draft.ts';

/** What every group of fields of the form is given. */
export interface DraftFieldsProps {
  draft: ConnectionDraft;
  errors: FieldErrors;
  change: (changes: Partial<ConnectionDraft>) => void;
}
