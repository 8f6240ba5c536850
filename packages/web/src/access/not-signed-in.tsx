import { Page } from '../shell/page.tsx';
import { HowToEnter } from './how-to-enter.tsx';

/** For whoever opens a page without a session. */
export function NotSignedIn() {
  return (
    <Page title="You are not signed in">
      <div>
        <HowToEnter />
      </div>
    </Page>
  );
}
