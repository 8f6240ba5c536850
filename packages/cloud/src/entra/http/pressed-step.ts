import type { Parameters } from '../../web/parse-form.ts';

const prefix = 'step.';

/** The name of the field that an `<input type="submit">` sends: its value is what people read on it. */
export function stepField(step: string): string {
  return prefix + step;
}

/** Which button of a page was pressed; undefined for the one that only sends the form. */
export function pressedStep(form: Parameters): string | undefined {
  const step = form.get('step');
  if (step !== undefined) return step;
  for (const name of form.keys()) if (name.startsWith(prefix)) return name.slice(prefix.length);
  return undefined;
}
