import type { ApplicationUserInPlace, RegistrationUsage } from '@latchkey/client';
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { useHubClient } from '../hub/hub-client-context.tsx';

interface RegistrationUsageNoticeProps {
  usage: RegistrationUsage | undefined;
  /** Whether what the hub has made in environments stays there. */
  leaves: boolean;
  onLeavesChange: (leaves: boolean) => void;
  /** Something was taken back without a sign-in. */
  onTakenBack: () => void;
}

/** Who would stop without a registration, and what an administrator of an environment has to take back before. */
export function RegistrationUsageNotice({
  usage,
  leaves,
  onLeavesChange,
  onTakenBack,
}: RegistrationUsageNoticeProps) {
  if (usage === undefined) return null;
  const { connections, first, applicationUsers } = usage;
  return (
    <Stack gap="sm" mt="sm">
      {connections > 0 && (
        <Text size="sm" fw={600}>
          {connections === 1
            ? `The connection ${first[0]?.name} stops working.`
            : `${connections} connections stop working: ${first.map(({ name }) => name).join(', ')}${connections > first.length ? ' and others' : ''}.`}
        </Text>
      )}
      {applicationUsers.length > 0 && (
        <>
          <Text size="sm">
            The hub has let the app into {applicationUsers.length === 1 ? 'an environment' : 'environments'}.
            An administrator of the environment takes that back, who signs in with this very app: so before it
            goes.
          </Text>
          {applicationUsers.map((user) => (
            <TakeBack key={user.connectionId} user={user} onTakenBack={onTakenBack} />
          ))}
          <Checkbox
            label="Leave it there"
            description="The app has no way in any more once it is deleted in Entra ID; its user stays in the environment."
            checked={leaves}
            onChange={(event) => onLeavesChange(event.currentTarget.checked)}
          />
        </>
      )}
    </Stack>
  );
}

function TakeBack({ user, onTakenBack }: { user: ApplicationUserInPlace; onTakenBack: () => void }) {
  const client = useHubClient();
  const undo = useMutation({
    mutationFn: () => client.applicationUsers.undo(user.connectionId),
    onSuccess: ({ signIn }) => (signIn === null ? onTakenBack() : window.location.assign(signIn.url)),
  });
  return (
    <Stack gap="xs">
      <Group gap="sm" justify="space-between">
        <Text size="sm">
          <b>{new URL(user.environmentUrl).host}</b> ({user.connectionName})
        </Text>
        <Button size="xs" variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
          Take it back as administrator
        </Button>
      </Group>
      {undo.error !== null && <FailurePanel failure={failureOf(undo.error)} announceReady />}
    </Stack>
  );
}
