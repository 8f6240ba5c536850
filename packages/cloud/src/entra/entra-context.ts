import type { CloudContext } from '../cloud-context.ts';

/** What Entra's own operations are given: the cloud's context, and the key of the pages' sealed state. */
export interface EntraContext extends CloudContext {
  flowKey: Buffer;
}
