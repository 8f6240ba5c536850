import type { Registration } from '@latchkey/client';
import { Button, Group, Stack, Text } from '@mantine/core';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { Notice } from '../facts/notice.tsx';
import { OutsideLink } from '../facts/outside-link.tsx';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { Panel } from '../shell/panel.tsx';
import { useRegistrationAction } from './use-registration-action.ts';

/** Whether all that the registration needs is still there in Entra ID. */
export function CheckPanel({ registration }: { registration: Registration }) {
  const { id, check, alarm, adminConsentUrl } = registration;
  const isFine = check.checkedAt !== null && check.failure === null && check.findings.length === 0;
  const checkNow = useRegistrationAction((client) => client.registrations.check(id));
  const repair = useRegistrationAction((client) =>
    client.registrations.repair(id, { administratorSignIn: 'browser' }),
  );
  const error = checkNow.error ?? repair.error;
  return (
    <Panel
      title="In Microsoft Entra ID"
      actions={
        <Button variant="default" loading={checkNow.isPending} onClick={() => checkNow.mutate()}>
          Check now
        </Button>
      }
    >
      <Stack gap="md">
        {check.findings.map(({ code, detail, remedy }) => (
          <Notice key={code} tone="warning">
            <Text size="sm" fw={600}>
              {detail}
            </Text>
            <Text size="sm">{remedy}</Text>
          </Notice>
        ))}
        {check.failure !== null && <FailurePanel failure={check.failure} />}
        {isFine && alarm === null && (
          <Text size="sm">
            {check.readFromGraph
              ? 'Everything that the registration needs is there.'
              : 'The secret works. What else is in Entra ID, the application may not read itself.'}
          </Text>
        )}
        <FactList
          facts={[
            { label: 'Last checked', value: <Moment at={check.checkedAt} never="not yet" /> },
            {
              label: 'Next check',
              value: check.nextCheckAt === null ? null : <Moment at={check.nextCheckAt} />,
            },
          ]}
        />
        <Group gap="sm">
          {check.findings.length > 0 && (
            <Button variant="default" loading={repair.isPending} onClick={() => repair.mutate()}>
              Repair with an administrator
            </Button>
          )}
          {adminConsentUrl !== null && (
            <Text size="sm">
              <OutsideLink href={adminConsentUrl}>Admin consent for everybody</OutsideLink>
            </Text>
          )}
        </Group>
        {error !== null && <FailurePanel failure={failureOf(error)} announceReady />}
      </Stack>
    </Panel>
  );
}
