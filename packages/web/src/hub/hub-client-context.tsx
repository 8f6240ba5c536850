import type { HubClient } from '@latchkey/client';
import { createContext, type ReactNode, useContext } from 'react';

const HubClientContext = createContext<HubClient | null>(null);

/** Hands the hub's client to every component below. */
export function HubClientProvider({ client, children }: { client: HubClient; children: ReactNode }) {
  return <HubClientContext value={client}>{children}</HubClientContext>;
}

export function useHubClient(): HubClient {
  const client = useContext(HubClientContext);
  if (client === null) throw new Error('useHubClient needs a HubClientProvider above it.');
  return client;
}
