import type { HubClient, Registration } from '@latchkey/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { registrationQuery, registrationsQuery } from './registration-queries.ts';

/** Does something with a registration and takes the answer as its new state. */
export function useRegistrationAction<Input = void>(
  act: (client: HubClient, input: Input) => Promise<Registration>,
) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => act(client, input),
    // The input may hold a client secret: it must not outlive the form.
    gcTime: 0,
    onSuccess: async (registration) => {
      queryClient.setQueryData(registrationQuery(client, registration.id).queryKey, registration);
      await queryClient.invalidateQueries({ queryKey: registrationsQuery(client).queryKey });
    },
  });
}
