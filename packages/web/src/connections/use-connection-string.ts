import { parseConnectionString, withoutSecrets } from '@latchkey/microsoft';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useHubClient } from '../hub/hub-client-context.tsx';
import type { ConnectionDraft } from './connection-draft.ts';
import { environmentAddressQuery } from './connection-queries.ts';
import { describeFilled, fillDraft } from './fill-draft.ts';

/** What was read from a connection string, and what of it the hub does not use. */
interface Reading {
  origin: string;
  sentence: string;
  remarks: readonly string[];
}

/**
 * Fills the form in from a pasted connection string. Its secret goes from the text into the form here in the browser:
 * the hub, which reads the rest, is sent the text without it.
 *
 * @param change changes the form
 * @returns `take`, which says what the field is to show and look up instead, or null for a text that is none
 */
export function useConnectionString(change: (changes: Partial<ConnectionDraft>) => void) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const [reading, setReading] = useState<Reading | null>(null);
  const { mutate } = useMutation({
    mutationFn: ({ text }: { text: string; read: (origin: string) => void; clientSecret: string | null }) =>
      queryClient.fetchQuery(environmentAddressQuery(client, text)),
    // The variables hold the secret: it must not outlive the form.
    gcTime: 0,
    onSuccess: (address, { read, clientSecret }) => {
      const { origin, connectionString } = address;
      if (connectionString === null) return;
      queryClient.setQueryData(environmentAddressQuery(client, origin).queryKey, address);
      const filled = fillDraft(connectionString, clientSecret);
      change({ ...filled, environmentUrl: origin });
      setReading({ origin, sentence: describeFilled(filled), remarks: connectionString.remarks });
      read(origin);
    },
  });
  return {
    reading,
    /** @param read told the address, once the hub has read it */
    take(text: string, read: (origin: string) => void): string | null {
      const connectionString = parseConnectionString(text);
      if (connectionString === null) return null;
      const kept = withoutSecrets(connectionString);
      mutate({ text: kept, read, clientSecret: connectionString.clientSecret });
      return kept;
    },
  };
}
