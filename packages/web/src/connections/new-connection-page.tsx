import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../shell/page.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { ProviderChoice } from './provider-choice.tsx';

const route = getRouteApi('/signed-in/connections/new');

/** First what to connect, then how. Both stand in the address, so that Back goes back one of them. */
export function NewConnectionPage() {
  const { provider, registration } = route.useSearch();
  if (provider === undefined) {
    return (
      <Page title="New connection" description="Choose what to connect.">
        <ProviderChoice />
      </Page>
    );
  }
  return (
    <Page
      key={provider}
      title="Connect Microsoft Dynamics 365 CRM"
      description="Paste the environment’s address, then sign in or enter the details by hand."
    >
      <ConnectionForm registrationId={registration ?? null} />
    </Page>
  );
}
