import { ButtonLink } from './links.tsx';
import { Page } from './page.tsx';

/** For an address that no page has. */
export function PageNotFound() {
  return (
    <Page title="Page not found" description="There is no page at this address. It may have been mistyped.">
      <div>
        <ButtonLink to="/">Go to the connections</ButtonLink>
      </div>
    </Page>
  );
}
