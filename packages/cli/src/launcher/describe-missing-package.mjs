import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * What to do about an import of a package that is not installed.
 *
 * @param {unknown} error
 * @returns {string | null} null where it is another error
 */
export function describeMissingPackage(error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return null;
  return `${error.message}\n  Install what is missing by \`npm ci\` in ${root}, and start again.`;
}
