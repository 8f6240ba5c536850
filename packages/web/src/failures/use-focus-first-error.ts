import { type RefObject, useEffect } from 'react';
import type { FieldErrors } from './field-errors.ts';

/** Moves the focus to the first field that is marked invalid, whenever a new set of errors arrives. */
export function useFocusFirstError(form: RefObject<HTMLElement | null>, errors: FieldErrors): void {
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form, errors]);
}
