import { Page } from '../shell/page.tsx';
import { TimelinePanel } from './timeline-panel.tsx';

/** What happened to the hub itself. */
export function HubEventsPage() {
  return (
    <Page
      title="Events of the hub"
      description="What happened to the hub itself. What happened to a connection or a registration stands on its page."
    >
      <TimelinePanel subject={{ kind: 'hub' }} />
    </Page>
  );
}
