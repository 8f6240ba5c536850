import type { Registration, RegistrationCredential } from '@latchkey/client';
import { Button, Checkbox, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { Notice } from '../facts/notice.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { fieldErrorsOf } from '../failures/field-errors.ts';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { settingsQuery } from '../hub/settings-query.ts';
import { Panel } from '../shell/panel.tsx';
import { describeEnd, describePolicy, describeRotation, describeUnused } from './describe-upkeep.ts';
import { useRegistrationAction } from './use-registration-action.ts';

const titles: Record<RegistrationCredential, string> = {
  secret: 'Client secret',
  certificate: 'Certificate',
  federated: 'The hub’s own identity',
};

/** When the client secret, or certificate, ends, what is wrong with it, and how it is rotated. */
export function SecretUpkeepPanel({ registration }: { registration: Registration }) {
  const { clientSecret, certificate, federatedIdentity, rotation, alarm, alarmSince } = registration;
  const credential = clientSecret ?? certificate;
  if (credential === null && federatedIdentity === null) return null;
  const kind = certificate !== null ? 'certificate' : clientSecret !== null ? 'secret' : 'federated';
  const name = kind === 'certificate' ? 'certificate' : 'client secret';
  const end = alarm === null && credential !== null ? describeEnd(credential, name) : null;
  return (
    <Panel
      title={titles[kind]}
      description={
        kind === 'federated'
          ? 'The application trusts the hub by its platform: there is no secret, and nothing that ends.'
          : 'Looked after by the hub: its end, warnings, rotation.'
      }
    >
      <Stack gap="md">
        {alarm !== null && <FailurePanel failure={alarm} />}
        {end !== null && <Notice tone={end.tone}>{end.sentence}</Notice>}
        <UnusedNotice registration={registration} />
        <FactList
          facts={[
            { label: 'Refused since', value: alarmSince === null ? null : <Moment at={alarmSince} /> },
            ...(credential === null
              ? []
              : [
                  { label: 'Ends', value: <Moment at={credential.endsAt} never="at an unknown time" /> },
                  { label: 'Days left', value: credential.daysLeft },
                  { label: 'Rotated', value: describePolicy(rotation) },
                  { label: 'Next rotation', value: momentOrNull(rotation.dueAt) },
                ]),
            {
              label: 'Now',
              value: rotation.state === 'idle' ? null : describeRotation(rotation),
            },
            { label: 'Next try', value: momentOrNull(rotation.nextTryAt) },
            { label: 'Old one until', value: momentOrNull(rotation.oldSecretUntil) },
            { label: 'Last replaced', value: momentOrNull(rotation.lastRotatedAt) },
          ]}
        />
        {rotation.failure !== null && rotation.state !== 'proving' && (
          <FailurePanel failure={rotation.failure} />
        )}
        <RotationButtons registration={registration} kind={kind} />
        {credential !== null && <RotationSettings registration={registration} />}
      </Stack>
    </Panel>
  );
}

/** What is still in Entra ID though nothing uses it, and how it goes where the application may not remove it itself. */
function UnusedNotice({ registration: { id, rotation } }: { registration: Registration }) {
  const cleanUp = useRegistrationAction((client) =>
    client.registrations.cleanUp(id, { administratorSignIn: 'browser' }),
  );
  const sentence = describeUnused(rotation);
  if (sentence === null) return null;
  return (
    <Notice tone="warning">
      <Stack gap="xs">
        <Text size="sm">{sentence}</Text>
        {rotation.mayRotate !== true && (
          <Group>
            <Button variant="default" loading={cleanUp.isPending} onClick={() => cleanUp.mutate()}>
              Clean up with an administrator
            </Button>
          </Group>
        )}
        {cleanUp.error !== null && <FailurePanel failure={failureOf(cleanUp.error)} announceReady />}
      </Stack>
    </Notice>
  );
}

const changes: Record<RegistrationCredential, string> = {
  secret: 'Change to a client secret',
  certificate: 'Change to a certificate',
  federated: 'Change to the hub’s own identity',
};

function RotationButtons({
  registration,
  kind,
}: {
  registration: Registration;
  kind: RegistrationCredential;
}) {
  const { id, rotation, alarm } = registration;
  const settings = useQuery(settingsQuery(useHubClient()));
  // With a credential that Microsoft refuses, the application can’t ask for another one itself.
  const takesAdministrator = rotation.mayRotate === false || alarm !== null;
  const hasIdentity = (settings.data?.workloadIdentity ?? null) !== null;
  const others = (['secret', 'certificate', 'federated'] as const).filter(
    (other) => other !== kind && (other !== 'federated' || hasIdentity),
  );
  const rotate = useRegistrationAction((client, credential: RegistrationCredential) =>
    client.registrations.rotate(id, {
      ...(takesAdministrator && { administratorSignIn: 'browser' }),
      ...(credential !== kind && { credential }),
    }),
  );
  const setUp = useRegistrationAction((client) =>
    client.registrations.setUpAutomaticRotation(id, { administratorSignIn: 'browser' }),
  );
  const error = rotate.error ?? setUp.error;
  // There is nothing to be renewed in who the hub is; what the application trusts may have to be set right.
  const isRenewable = kind !== 'federated' || alarm !== null;
  const byAdministrator =
    kind === 'federated' ? 'Set it right with an administrator' : 'Rotate with an administrator';
  return (
    <Stack gap="sm">
      <Group gap="sm">
        {isRenewable && (
          <Button
            variant="default"
            loading={rotate.isPending && rotate.variables === kind}
            disabled={rotation.state !== 'idle'}
            onClick={() => rotate.mutate(kind)}
          >
            {takesAdministrator ? byAdministrator : 'Rotate now'}
          </Button>
        )}
        {others.map((other) => (
          <Button
            key={other}
            variant="default"
            loading={rotate.isPending && rotate.variables === other}
            disabled={rotation.state !== 'idle'}
            onClick={() => rotate.mutate(other)}
          >
            {changes[other]}
          </Button>
        ))}
        {rotation.mayRotate === false && (
          <Button variant="default" loading={setUp.isPending} onClick={() => setUp.mutate()}>
            Let the hub rotate it
          </Button>
        )}
      </Group>
      {rotation.mayRotate === false && (
        <Text size="sm" c="dimmed">
          For the hub to rotate it by itself, the application becomes an owner of itself and gets Microsoft
          Graph’s permission Application.ReadWrite.OwnedBy: it can then change itself, and no other
          application. A Global Administrator or Privileged Role Administrator signs in once for that.
        </Text>
      )}
      {error !== null && <FailurePanel failure={failureOf(error)} announceReady />}
    </Stack>
  );
}

/** When it is rotated: by itself or by hand, and how long before its end. */
function RotationSettings({ registration: { id, rotation } }: { registration: Registration }) {
  const [isAutomatic, setAutomatic] = useState(rotation.policy === 'automatic');
  const [days, setDays] = useState<number | string>(rotation.daysBeforeEnd);
  const save = useRegistrationAction(
    (client, settings: { policy: 'automatic' | 'by_hand'; daysBeforeEnd: number }) =>
      client.registrations.update(id, { rotation: settings }),
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ policy: isAutomatic ? 'automatic' : 'by_hand', daysBeforeEnd: Number(days) });
      }}
    >
      <Stack gap="sm">
        <Checkbox
          label="Rotate by itself, where the application may"
          checked={isAutomatic}
          onChange={(event) => setAutomatic(event.currentTarget.checked)}
        />
        <NumberInput
          label="Days before the end"
          min={1}
          max={180}
          allowDecimal={false}
          value={days}
          error={fieldErrorsOf(save.error)['rotation.daysBeforeEnd']}
          onChange={setDays}
        />
        <Group>
          <Button type="submit" variant="default" loading={save.isPending}>
            Save
          </Button>
          <Text size="sm" role="status">
            {save.isSuccess && 'Saved.'}
          </Text>
        </Group>
        {save.error !== null && <FailurePanel failure={failureOf(save.error)} announceReady />}
      </Stack>
    </form>
  );
}

function momentOrNull(at: string | null) {
  return at === null ? null : <Moment at={at} />;
}
