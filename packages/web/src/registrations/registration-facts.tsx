import type { Registration } from '@latchkey/client';
import { Code } from '@mantine/core';
import { CopyableValue } from '../facts/copyable-value.tsx';
import { type Fact, FactList } from '../facts/fact-list.tsx';
import { Moment } from '../facts/moment.tsx';
import { Panel } from '../shell/panel.tsx';
import { accountTypes } from './account-types.ts';
import { CertificateDownload } from './certificate-download.tsx';

/** What the registration consists of; of the secret only what tells it apart. */
export function RegistrationFacts({ registration }: { registration: Registration }) {
  const { clientId, tenantId, tenantName, permissions } = registration;
  const accountType = accountTypes.find(({ value }) => value === registration.signInAudience);
  return (
    <Panel title="Details">
      <FactList
        facts={[
          {
            label: 'Client id',
            value: clientId === null ? 'Not yet' : <CopyableValue value={clientId} what="client id" />,
          },
          { label: 'Tenant', value: tenantName },
          {
            label: 'Tenant id',
            value: tenantId === null ? null : <CopyableValue value={tenantId} what="tenant id" />,
          },
          {
            label: 'Redirect URI',
            value: <CopyableValue value={registration.redirectUri} what="redirect URI" />,
          },
          { label: 'Account types', value: accountType?.label ?? registration.signInAudience },
          ...permissions.map((permission) => ({
            label: 'Permission',
            value: (
              <>
                {permission.api}: <Code>{permission.value}</Code> ({permission.type})
              </>
            ),
          })),
          { label: 'Admin consent', value: registration.adminConsentGranted ? 'Granted' : 'Not granted' },
          ...credentialFacts(registration),
          { label: 'Created', value: <Moment at={registration.createdAt} /> },
        ]}
      />
    </Panel>
  );
}

function credentialFacts({ id, clientSecret, certificate, federatedIdentity }: Registration): Fact[] {
  if (federatedIdentity !== null) {
    const { issuer, subject, audience } = federatedIdentity;
    return [
      { label: 'Trusted issuer', value: <CopyableValue value={issuer} what="issuer" /> },
      { label: 'Trusted subject', value: <CopyableValue value={subject} what="subject" /> },
      { label: 'Audience', value: <CopyableValue value={audience} what="audience" /> },
    ];
  }
  if (certificate !== null) {
    return [
      {
        label: 'Certificate',
        value: (
          <>
            <CopyableValue value={certificate.thumbprint} what="thumbprint" />
            ends <Moment at={certificate.endsAt} never="at an unknown time" />
            <br />
            <CertificateDownload registrationId={id} />
          </>
        ),
      },
    ];
  }
  if (clientSecret === null) return [{ label: 'Client secret', value: 'None yet' }];
  return [
    {
      label: 'Client secret',
      value: (
        <>
          {clientSecret.hint === null ? 'Kept' : `Starts with ${clientSecret.hint}`}, ends{' '}
          <Moment at={clientSecret.endsAt} never="at an unknown time" />
        </>
      ),
    },
  ];
}
