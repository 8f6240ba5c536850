import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock, MovableClock } from '../clock.ts';
import type { ServicesContext } from '../create-cloud-context.ts';
import { causeFaults } from '../faults/cause-faults.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { CloudState } from '../seed/cloud-state.ts';
import type { CloudAddresses } from '../service-origins.ts';
import { withLiteralPercents } from './literal-percents.ts';

export type Service = keyof CloudAddresses;

/** What a service is made of. */
export interface ServiceParts {
  context: ServicesContext;
  state: CloudState;
  clock: MovableClock;
  /** Whether other processes may control the cloud. */
  adminApi: boolean;
  /** An address of the cloud's own as the cloud itself reaches it. */
  fromInside: (url: string) => string;
}

/** The names of the services in messages, in the order in which they take their ports. */
export const serviceNames: Readonly<Record<Service, string>> = {
  entra: 'Entra ID',
  graph: 'Microsoft Graph',
  crm: 'Dynamics 365',
  portal: 'portal',
  admin: 'administration APIs',
};

/** Names in paths may be as long as sign-in names and keys with quotes are. */
const maximumParameterLength = 2000;

/**
 * Makes the server of one service. Its code is loaded only now: who needs tokens alone does without the CRM and the
 * portal.
 */
export async function openService(service: Service, parts: ServiceParts): Promise<FastifyInstance> {
  // ADAL writes /common/UserRealm, MSAL /common/userrealm, scripts /v1.0/Users: most services take either. The names of
  // the Web API have one case.
  const caseSensitive = service === 'crm' || service === 'portal';
  const app = Fastify({
    logger: false,
    rewriteUrl: ({ url }) => withLiteralPercents(url ?? '/'),
    routerOptions: {
      maxParamLength: maximumParameterLength,
      caseSensitive,
      // MSAL ends the address of a region's token endpoint in a slash. Graph has a route of its own for all paths.
      ignoreTrailingSlash: service === 'entra',
    },
  });
  try {
    await registrations[service](app, parts);
    await app.ready();
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

const registrations: Readonly<Record<Service, (app: FastifyInstance, parts: ServiceParts) => Promise<void>>> =
  {
    async entra(app, { context, state, clock, adminApi }) {
      if (adminApi) {
        const { registerControls } = await import('./register-controls.ts');
        registerControls(app, { context, state, clock });
      }
      // Clients measure by it how far their clocks are from the one that tokens are made by.
      const date = createDateText(clock);
      app.addHook('onRequest', (_request, reply, done) => {
        reply.raw.setHeader('date', date());
        done();
      });
      const { registerEntra } = await import('../entra/register-entra.ts');
      const { presentEntraFault } = await import('../entra/errors/present-fault.ts');
      causeFaults(app, {
        service: 'entra',
        // Only the body names the app.
        hook: 'preHandler',
        faults: context.faults,
        presentFault: (status, request) => presentEntraFault(context, status, request),
      });
      await registerEntra(app, context);
    },
    async graph(app, { context }) {
      const { registerGraph } = await import('../graph/register-graph.ts');
      const { presentGraphFault } = await import('../graph/http/present-fault.ts');
      causeFaults(app, {
        service: 'graph',
        hook: 'onRequest',
        faults: context.faults,
        presentFault: (status, request) => presentGraphFault(context, status, request),
      });
      registerGraph(app, context);
    },
    async crm(app, { context }) {
      const { registerDataverse } = await import('../dataverse/register-dataverse.ts');
      const { presentDataverseFault } = await import('../dataverse/http/present-fault.ts');
      causeFaults(app, {
        service: 'crm',
        hook: 'onRequest',
        faults: context.faults,
        presentFault: presentDataverseFault,
      });
      registerDataverse(app, context);
    },
    async portal(app, { context, clock, adminApi, fromInside }) {
      const { registerPortal } = await import('../portal/register-portal.ts');
      await registerPortal(app, context, {
        fetch: (url, request) => fetch(fromInside(url), request),
        movableClock: adminApi ? clock : null,
      });
    },
    async admin(app, { context }) {
      const { registerAdmin } = await import('../admin/register-admin.ts');
      const { presentAdminFault } = await import('../admin/errors/present-fault.ts');
      causeFaults(app, {
        service: 'admin',
        hook: 'onRequest',
        faults: context.faults,
        presentFault: presentAdminFault,
      });
      registerAdmin(app, context);
    },
  };

/** @returns what tells the time as a header does; a text is made once a second */
function createDateText(clock: Clock): () => string {
  let second = Number.NaN;
  let text = '';
  return () => {
    const now = Math.floor(clock.now() / millisecondsPerSecond);
    if (now !== second) {
      second = now;
      text = new Date(now * millisecondsPerSecond).toUTCString();
    }
    return text;
  };
}
