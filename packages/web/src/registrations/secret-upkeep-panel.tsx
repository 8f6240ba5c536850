import type { Registration } from '@latchkey/client';
import { Button, Checkbox, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { Notice } from '../facts/notice.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { fieldErrorsOf } from '../failures/field-errors.ts';
import { Panel } from '../shell/panel.tsx';
import { describeEnd, describePolicy, describeRotation } from './describe-upkeep.ts';
import { useRegistrationAction } from './use-registration-action.ts';

/** When the client secret, or certificate, ends, what is wrong with it, and how it is rotated. */
export function SecretUpkeepPanel({ registration }: { registration: Registration }) {
  const { clientSecret, certificate, rotation, alarm, alarmSince } = registration;
  const credential = clientSecret ?? certificate;
  if (credential === null) return null;
  const isCertificate = certificate !== null;
  const name = isCertificate ? 'certificate' : 'client secret';
  const end = alarm === null ? describeEnd(credential, name) : null;
  return (
    <Panel
      title={isCertificate ? 'Certificate' : 'Client secret'}
      description="Looked after by the hub: its end, warnings, rotation."
    >
      <Stack gap="md">
        {alarm !== null && <FailurePanel failure={alarm} />}
        {end !== null && <Notice tone={end.tone}>{end.sentence}</Notice>}
        <FactList
          facts={[
            { label: 'Refused since', value: alarmSince === null ? null : <Moment at={alarmSince} /> },
            { label: 'Ends', value: <Moment at={credential.endsAt} never="at an unknown time" /> },
            { label: 'Days left', value: credential.daysLeft },
            { label: 'Rotated', value: describePolicy(rotation) },
            { label: 'Next rotation', value: momentOrNull(rotation.dueAt) },
            {
              label: 'Now',
              value: rotation.state === 'idle' ? null : describeRotation(rotation),
            },
            { label: 'Next try', value: momentOrNull(rotation.nextTryAt) },
            {
              label: isCertificate ? 'Old certificate until' : 'Old secret until',
              value: momentOrNull(rotation.oldSecretUntil),
            },
            { label: 'Last rotated', value: momentOrNull(rotation.lastRotatedAt) },
          ]}
        />
        {rotation.failure !== null && rotation.state !== 'proving' && (
          <FailurePanel failure={rotation.failure} />
        )}
        <RotationButtons registration={registration} />
        <RotationSettings registration={registration} />
      </Stack>
    </Panel>
  );
}

function RotationButtons({ registration }: { registration: Registration }) {
  const { id, rotation, alarm } = registration;
  // With a secret that Microsoft refuses, the application can't ask for another one itself.
  const takesAdministrator = rotation.mayRotate === false || alarm !== null;
  const other = registration.certificate === null ? 'certificate' : 'secret';
  const rotate = useRegistrationAction((client, credential: 'secret' | 'certificate' | null) =>
    client.registrations.rotate(id, {
      ...(takesAdministrator && { administratorSignIn: 'browser' }),
      ...(credential !== null && { credential }),
    }),
  );
  const setUp = useRegistrationAction((client) =>
    client.registrations.setUpAutomaticRotation(id, { administratorSignIn: 'browser' }),
  );
  const error = rotate.error ?? setUp.error;
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          variant="default"
          loading={rotate.isPending && rotate.variables === null}
          disabled={rotation.state !== 'idle'}
          onClick={() => rotate.mutate(null)}
        >
          {takesAdministrator ? 'Rotate with an administrator' : 'Rotate now'}
        </Button>
        <Button
          variant="default"
          loading={rotate.isPending && rotate.variables === other}
          disabled={rotation.state !== 'idle'}
          onClick={() => rotate.mutate(other)}
        >
          {other === 'certificate' ? 'Change to a certificate' : 'Change to a client secret'}
        </Button>
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
