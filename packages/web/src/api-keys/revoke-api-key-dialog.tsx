import type { ApiKey } from '@latchkey/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { ConfirmDialog } from '../shell/confirm-dialog.tsx';
import { apiKeysQuery } from './api-keys-query.ts';

/** Asks before a key is revoked; `apiKey` null means closed. */
export function RevokeApiKeyDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => client.apiKeys.revoke(id),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: apiKeysQuery(client).queryKey });
    },
  });
  return (
    <ConfirmDialog
      opened={apiKey !== null}
      title="Revoke this API key?"
      confirm="Revoke"
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => apiKey !== null && revoke.mutate(apiKey.id)}
      onClose={() => {
        revoke.reset();
        onClose();
      }}
    >
      Every app that calls with <b>{apiKey?.name}</b> is refused from now on. A revoked key can’t be brought
      back.
    </ConfirmDialog>
  );
}
