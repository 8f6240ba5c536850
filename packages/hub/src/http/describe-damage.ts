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

/**
 * Shows a row of a list, so that one that can't be shown never hides the others.
 *
 * @param whole makes it of all that is stored
 * @param damaged makes what is left of it, with the failure that says why; must not fail
 */
export function presentRow<T>(whole: () => T, damaged: (failure: HubError) => T): T {
  try {
    return whole();
  } catch (error) {
    const failure = describeDamage(error);
    if (failure === null) throw error;
    return damaged(failure);
  }
}
