import type { Application } from '../../directory/applications.ts';
import { isApplicationManager } from '../../graph/access/person-rules.ts';
import { findAddressedApplication } from '../../graph/applications/find-addressed-application.ts';
import type { Html } from '../../web/html.ts';
import { graphCall } from '../graph/call-graph.ts';
import { plainNotice } from '../pages/form-parts.ts';
import {
  type ApplicationBlade,
  applicationPath,
  registrationsPath,
  titleOfBlade,
} from '../pages/navigation.ts';
import { type PortalAnswer, type PortalVisit, showPage } from '../visit/portal-visit.ts';

/** An application as a person sees it. */
export interface VisitedApplication {
  application: Application;
  /** Its owners and administrators change it; others look. */
  mayManage: boolean;
}

/** The application that the path names by its object id. @throws GraphError 400, 404 */
export function visitApplication(visit: PortalVisit): VisitedApplication {
  const application = findAddressedApplication(graphCall(visit));
  return {
    application,
    mayManage: isApplicationManager(visit.caller, visit.context.directory, application),
  };
}

/** Shows one of an application's pages. */
export function showBlade(
  { application }: Pick<VisitedApplication, 'application'>,
  blade: ApplicationBlade,
  { title, body }: { title?: string; body: Html },
): PortalAnswer {
  const { id, displayName } = application;
  return showPage({
    title: title ?? titleOfBlade(blade),
    area: 'registrations',
    trail: [
      { title: 'Home', path: '/' },
      { title: 'App registrations', path: registrationsPath },
      // A page with a title of its own does not name the application in it.
      ...(title === undefined ? [] : [{ title: displayName, path: applicationPath(id, blade) }]),
    ],
    application: { application, blade },
    body,
  });
}

/** Why there are no buttons. */
export function lookOnlyNotice({ mayManage }: Pick<VisitedApplication, 'mayManage'>): Html | undefined {
  if (mayManage) return undefined;
  return plainNotice(
    'You can look at this application. Only its owners and application administrators can change it.',
  );
}
