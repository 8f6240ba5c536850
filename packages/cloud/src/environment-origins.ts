import type { CloudContext } from './cloud-context.ts';
import {
  defaultEnvironment,
  type Environment,
  listEnvironments,
  publicOrigins,
} from './directory/environments.ts';

type OriginContext = Pick<CloudContext, 'directory' | 'addresses'>;

/** Where an environment answers on this machine, over HTTP and HTTPS; empty where nothing listens for it. */
export function localOrigins({ directory, addresses }: OriginContext, environment: Environment): string[] {
  const isFirst = defaultEnvironment(directory)?.id === environment.id;
  const listening = [isFirst ? addresses.crm : undefined, addresses.environments?.get(environment.id)];
  return listening.flatMap((origins) => (origins ? [origins.http, origins.https] : []));
}

/** Every origin of an environment, Microsoft's and the local ones: what its requests come by and its tokens are for. */
export function originsOfEnvironment(context: OriginContext, environment: Environment): string[] {
  return [...publicOrigins(environment), ...localOrigins(context, environment)];
}

/** Finds the environment that has an origin, Microsoft's or a local one. */
export function findEnvironmentByOrigin(context: OriginContext, origin: string): Environment | undefined {
  return listEnvironments(context.directory).find((environment) =>
    originsOfEnvironment(context, environment).includes(origin),
  );
}
