import { createHubClient } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { makeFirstConnection, type SetupStep } from '../first-connection/make-first-connection.ts';
import type { RunningProduct } from './start-hub-and-cloud.ts';

/** The walk with the seeded people: an administrator registers, a salesperson signs in. */
export function makeSeededConnection(product: RunningProduct, key: string, tell: (step: SetupStep) => void) {
  return makeFirstConnection({
    hub: createHubClient({ baseUrl: product.hub.url, apiKey: key }),
    administrator: { userName: seededUsers.administrator, password: seededPassword },
    user: { userName: seededUsers.salesperson, password: seededPassword },
    environmentUrl: product.cloud.crm.http,
    tell,
  });
}
