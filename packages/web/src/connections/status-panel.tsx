import type { Connection } from '@latchkey/client';
import { Stack, Text } from '@mantine/core';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { OutsideLink } from '../facts/outside-link.tsx';
import { withLocalTimes } from '../facts/with-local-times.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { actorNames } from '../failures/who-acts.ts';
import { TextLink } from '../shell/links.tsx';
import { Panel } from '../shell/panel.tsx';
import { signInMethods } from './describe-connection.ts';
import { SignInButton } from './sign-in-button.tsx';

/** How the connection stands, why, who acts and what to do. */
export function StatusPanel({ connection }: { connection: Connection }) {
  const { status } = connection;
  // A failure brings its own remedy; a state without one says its remedy here.
  const actsHere = status.failure === null && status.whoActs !== 'nobody';
  return (
    <Panel title="Status" actions={<SignInButton connection={connection} />}>
      <Stack gap="md">
        {status.reason !== status.failure?.detail && <Text size="sm">{withLocalTimes(status.reason)}</Text>}
        {status.failure !== null && <FailurePanel failure={status.failure} />}
        <WayOut connection={connection} />
        <FactList
          facts={[
            { label: 'What to do', value: actsHere ? status.remedy : null },
            { label: 'Who acts', value: actsHere ? actorNames[status.whoActs] : null },
            { label: 'Since', value: momentOrNull(status.since) },
            { label: 'Last proven', value: <Moment at={status.lastProvenAt} /> },
            { label: 'Next proof', value: momentOrNull(status.nextProofAt) },
            { label: 'Last refreshed', value: momentOrNull(status.lastRefreshedAt) },
            { label: 'Next refresh', value: momentOrNull(status.nextRefreshAt) },
            { label: 'Next try', value: momentOrNull(status.nextTryAt) },
            { label: 'Ends', value: momentOrNull(status.endsAt) },
            { label: 'Method', value: signInMethods[connection.method] },
            { label: 'Signed in', value: connection.user },
            { label: 'Endpoint version', value: connection.endpointVersion },
            { label: 'Client id', value: <CopyableValue value={connection.clientId} what="client id" /> },
            {
              label: 'Tenant id',
              value:
                connection.tenantId === null ? null : (
                  <CopyableValue value={connection.tenantId} what="tenant id" />
                ),
            },
          ]}
        />
      </Stack>
    </Panel>
  );
}

/** Where the failure can be ended, when that is not here: the registration's page, or Microsoft's page of consent. */
function WayOut({ connection: { status, registrationId, adminConsentUrl } }: { connection: Connection }) {
  const isOfSecret = status.failure?.code.startsWith('client_secret_') ?? false;
  return (
    <>
      {isOfSecret && registrationId !== null && (
        <TextLink size="sm" to="/registrations/$registrationId" params={{ registrationId }}>
          Open the registration
        </TextLink>
      )}
      {adminConsentUrl !== null && (
        <Text size="sm">
          <OutsideLink href={adminConsentUrl}>Admin consent for everybody</OutsideLink>
        </Text>
      )}
    </>
  );
}

function momentOrNull(at: string | null) {
  return at === null ? null : <Moment at={at} />;
}
