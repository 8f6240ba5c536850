import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { failureOf } from '../failures/failure-of.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import { Page } from './page.tsx';

/** For a page that threw while it was drawn, or whose code could not be loaded. */
export function PageCrashed({ error }: ErrorComponentProps) {
  return (
    <Page title="This page could not be shown">
      <FailurePanel failure={failureOf(error)} announceReady />
      <div>
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </div>
    </Page>
  );
}
