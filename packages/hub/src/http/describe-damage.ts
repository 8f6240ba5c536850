import type { z } from 'zod';
import { HubError, type HubErrorCode } from '../errors/hub-error.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';

const ofTheVault: ReadonlySet<HubErrorCode> = new Set(['vault_key_unknown', 'vault_unreadable']);

/** @returns the failure of a stored row that can't be shown; null for what is no such thing */
export function describeDamage(error: unknown): HubError | null {
  if (error instanceof DamagedValueError) {
    return new HubError('stored_data_damaged', { detail: error.message, cause: error });
  }
  return error instanceof HubError && ofTheVault.has(error.code) ? error : null;
}

/** How a row of a list is shown. */
interface RowPresentation<T extends object> {
  /** What the API says of it; a row that would not look so is damaged. */
  schema: z.ZodType<T>;
  /** Makes it of all that is stored. */
  whole: () => T;
  /** Makes what is left of it, with the failure that says why; must not fail. */
  damaged: (failure: HubError) => T;
  /** What stands for stored values that are none: a method that nobody knows, a text in place of a number. */
  neutral: Partial<T>;
}

/** Shows a row of a list, so that one that can't be shown never hides the others. */
export function presentRow<T extends object>({ schema, whole, damaged, neutral }: RowPresentation<T>): T {
  try {
    const shown = whole();
    const [unfit] = issuesOf(schema, shown);
    if (unfit)
      throw new DamagedValueError(`What is stored for ${unfit.path.join('.')} is none of its values.`);
    return shown;
  } catch (error) {
    const failure = describeDamage(error);
    if (failure === null) throw error;
    const left = damaged(failure);
    const unfit = new Set(issuesOf(schema, left).map(({ path }) => path[0]));
    const replaced: Partial<T> = {};
    for (const name in neutral) if (unfit.has(name)) replaced[name] = neutral[name];
    return { ...left, ...replaced };
  }
}

function issuesOf(schema: z.ZodType, value: unknown): z.core.$ZodIssue[] {
  return schema.safeParse(value).error?.issues ?? [];
}
