import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { SessionGate } from './access/session-gate.tsx';
import { ConnectionsPage } from './connections/connections-page.tsx';
import { HeadingFocusProvider } from './shell/heading-focus.tsx';
import { PageCrashed } from './shell/page-crashed.tsx';
import { PageNotFound } from './shell/page-not-found.tsx';
import { PageSkeleton } from './shell/page-skeleton.tsx';

const rootRoute = createRootRoute({
  component: () => (
    <HeadingFocusProvider>
      <Outlet />
    </HeadingFocusProvider>
  ),
});

const enterRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/enter',
  component: lazyRouteComponent(() => import('./access/enter-page.tsx'), 'EnterPage'),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  component: SessionGate,
});

const connectionsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  component: ConnectionsPage,
});

// Whoever cuts the id off a connection's address wants the list.
const connectionsAliasRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/connections',
  beforeLoad: () => {
    throw redirect({ to: '/', replace: true });
  },
});

interface NewConnectionSearch {
  provider?: 'dynamics-365';
  /** The registration to begin with. */
  registration?: string;
}

const newConnectionRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/connections/new',
  validateSearch: (search: Record<string, unknown>): NewConnectionSearch => ({
    ...(search.provider === 'dynamics-365' ? { provider: 'dynamics-365' } : {}),
    ...(typeof search.registration === 'string' ? { registration: search.registration } : {}),
  }),
  component: lazyRouteComponent(() => import('./connections/new-connection-page.tsx'), 'NewConnectionPage'),
});

const connectionRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/connections/$connectionId',
  // The hub's callback comes back with `?signed-in=1`.
  validateSearch: (search: Record<string, unknown>): { 'signed-in'?: 1 } =>
    search['signed-in'] === 1 ? { 'signed-in': 1 } : {},
  component: lazyRouteComponent(() => import('./connections/connection-page.tsx'), 'ConnectionPage'),
});

const registrationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/registrations',
  component: lazyRouteComponent(() => import('./registrations/registrations-page.tsx'), 'RegistrationsPage'),
});

const newRegistrationRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/registrations/new',
  component: lazyRouteComponent(
    () => import('./registrations/new-registration-page.tsx'),
    'NewRegistrationPage',
  ),
});

const registrationRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/registrations/$registrationId',
  component: lazyRouteComponent(() => import('./registrations/registration-page.tsx'), 'RegistrationPage'),
});

const apiKeysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('./api-keys/api-keys-page.tsx'), 'ApiKeysPage'),
});

const keeperRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/keeper',
  component: lazyRouteComponent(() => import('./keeper/keeper-page.tsx'), 'KeeperPage'),
});

const hubEventsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/events',
  component: lazyRouteComponent(() => import('./timeline/hub-events-page.tsx'), 'HubEventsPage'),
});

// Below the session's frame, so that a mistyped address keeps the navigation.
const notFoundRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '$',
  component: PageNotFound,
});

const routeTree = rootRoute.addChildren([
  enterRoute,
  signedInRoute.addChildren([
    connectionsRoute,
    connectionsAliasRoute,
    newConnectionRoute,
    connectionRoute,
    registrationsRoute,
    newRegistrationRoute,
    registrationRoute,
    apiKeysRoute,
    keeperRoute,
    hubEventsRoute,
    notFoundRoute,
  ]),
]);

/** The addresses of the UI and their pages; every page but the first is loaded when it is wanted. */
export function createAppRouter() {
  return createRouter({
    routeTree,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: PageCrashed,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
