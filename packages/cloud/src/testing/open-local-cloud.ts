/** A local cloud with its inner context, for tests outside the package: the package itself doesn't show the context. */
export { type OpenedCloud, openLocalCloud } from '../start-local-cloud.ts';
