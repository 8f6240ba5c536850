import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A link out of the hub, in a new tab. An address that is not http or https stays text: remotes send these. */
export function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(href)) return children;
  return (
    <Anchor
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      inherit
      style={{ overflowWrap: 'anywhere' }}
    >
      {children}
      <IconExternalLink size="0.9em" aria-label="(opens in a new tab)" style={{ marginInlineStart: 4 }} />
    </Anchor>
  );
}
