import { HubProblemError } from '@latchkey/client';
import { describeMissingPackage } from '../launcher/describe-missing-package.mjs';

/**
 * One paragraph for the person at the terminal: what happened and the way out, never a stack trace. Errors that
 * know their remedy carry it as `remedy`.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof HubProblemError) {
    const { title, detail, remedy, remote } = error.problem;
    const sentence = detail === title ? title : `${title}: ${detail}`;
    return [sentence, remote && `  ${remote.system} said: ${remote.message}`, `  ${remedy}`]
      .filter(Boolean)
      .join('\n');
  }
  if (!(error instanceof Error)) return String(error);
  const missing = describeMissingPackage(error);
  if (missing !== null) return missing;
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? `\n  ${error.remedy}` : '';
  return `${error.message}${remedy}`;
}
