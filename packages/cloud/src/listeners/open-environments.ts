import type { RequestListener } from 'node:http';
import type { CloudContext } from '../cloud-context.ts';
import { type Environment, listEnvironments, publicOrigins } from '../directory/environments.ts';
import { noteKnownOrigins, type ServiceOrigins } from '../service-origins.ts';
import type { CertificatePair } from './certificate-pair.ts';
import { type Listeners, openListeners } from './open-listeners.ts';
import type { Reach } from './open-reach.ts';

/** An environment of Dynamics 365 and where it answers. */
export interface LocalEnvironment extends ServiceOrigins {
  /** Its name in Microsoft's cloud, which the CONNECT proxy leads here: `https://contoso.crm4.dynamics.com`. */
  origin: string;
  friendlyName: string;
  tenantId: string;
}

export interface EnvironmentPorts {
  http: number;
  https: number;
}

/**
 * Opens ports for every environment after the first, which the CRM's own ports serve. What comes by them is passed to
 * the CRM, with the origin by which it knows the environment.
 *
 * @param ports in the order of the environments; those left out, and 0, are any free ones
 * @throws CloudStartError `port_taken`, `port_unavailable`
 */
export async function openEnvironments({
  context,
  ports,
  reach,
  certificate,
  take,
}: {
  context: CloudContext;
  ports: readonly EnvironmentPorts[];
  reach: Reach;
  certificate: CertificatePair;
  take: RequestListener;
}): Promise<{ environments: LocalEnvironment[]; close: () => Promise<void> }> {
  const { addresses } = context;
  const [first, ...others] = listEnvironments(context.directory);
  const opened: Listeners[] = [];
  const known = new Map<string, ServiceOrigins>();
  const close = async () => {
    await Promise.all(opened.map((listeners) => listeners.close()));
  };
  try {
    for (const [index, environment] of others.entries()) {
      const listeners = await openListeners({
        service: `environment ${environment.urlName}`,
        ports: ports[index] ?? { http: 0, https: 0 },
        reach,
        certificate,
      });
      opened.push(listeners);
      const { origins } = listeners;
      known.set(environment.id, origins);
      listeners.serve((request, response) => {
        const origin = 'encrypted' in request.socket ? origins.https : origins.http;
        noteKnownOrigins(request, new Map([[addresses.crm, origin]]));
        take(request, response);
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  addresses.environments = known;
  const environments = [
    ...(first ? [describeEnvironment(first, addresses.crm)] : []),
    ...others.flatMap((environment) => {
      const origins = known.get(environment.id);
      return origins ? [describeEnvironment(environment, origins)] : [];
    }),
  ];
  return { environments, close };
}

function describeEnvironment(environment: Environment, { http, https }: ServiceOrigins): LocalEnvironment {
  const [origin = ''] = publicOrigins(environment);
  const { friendlyName, tenantId } = environment;
  return { origin, friendlyName, tenantId, http, https };
}
