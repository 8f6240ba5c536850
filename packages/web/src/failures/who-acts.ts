import type { WhoActs } from '@latchkey/client';

/** Who has to act, in words. */
export const actorNames: Record<WhoActs, string> = {
  user: 'You, or whoever signed in',
  administrator: 'A Microsoft 365 administrator',
  developer: 'The developer of the calling app',
  operator: 'The operator of this hub',
  nobody: 'Nobody: it ends by itself',
};
