import { Anchor } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

/** The public part of a registration's certificate, as a file. */
export function CertificateDownload({ registrationId }: { registrationId: string }) {
  return (
    <Anchor
      href={`/api/v1/registrations/${encodeURIComponent(registrationId)}/certificate`}
      download={`latchkey-${registrationId}.pem`}
      size="sm"
    >
      <IconDownload size={14} aria-hidden /> Download the public part (PEM)
    </Anchor>
  );
}
