import { nationalClouds } from '@latchkey/microsoft';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CloudContext } from '../../cloud-context.ts';
import { listEnvironments, publicOrigins } from '../../directory/environments.ts';
import { localOrigins } from '../../environment-origins.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import type { AccessTokenClaims } from '../../jwt/verify-access-token.ts';
import { globalDiscoveryOrigins } from '../../microsoft-origins.ts';
import { originOf } from '../../service-origins.ts';
import type { Dataverse, Dataverses } from '../call/dataverse-call.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import { bearerChallenge, checkBearerToken } from '../http/authenticate-caller.ts';
import { sendAnswer } from '../http/send-answer.ts';
import { decodePath } from '../records/record-key.ts';
import { answerDiscovery } from './answer-discovery.ts';
import { listInstances, type Reach } from './list-instances.ts';

const servicePath = '/api/discovery/v2.0';

/**
 * The Global Discovery Service: below `/api/discovery/v2.0/` at its own names (through the CONNECT proxy), where it
 * tells of the environments of its cloud, and on every environment's local ports, where it tells of all.
 */
export function registerGlobalDiscovery(
  scope: FastifyInstance,
  context: TokenContext,
  dataverses: Dataverses,
): void {
  const callers = new WeakMap<FastifyRequest, AccessTokenClaims>();
  scope.addHook('onRequest', async (request, reply) => {
    const origin = originOf(context.addresses.crm, request);
    if (!isServedAt(context, origin)) throw unknownPath(request);
    const verdict = checkBearerToken(context, audiencesAt(context, origin), request.headers.authorization);
    // It is for people: an app's own token tells of no environments.
    if (verdict.accepted && verdict.claims.scp !== undefined) callers.set(request, verdict.claims);
    else await sendChallenge(context, request, reply);
  });
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const claims = callers.get(request);
    if (!claims) throw new Error('The request reached the discovery service without authentication.');
    const origin = originOf(context.addresses.crm, request);
    const [path, query] = splitOnce(request.raw.url ?? '', '?');
    const reach: Reach = (dataverse) => reachFrom(context, origin, dataverse);
    return sendAnswer(
      reply,
      answerDiscovery({
        serviceRoot: origin + servicePath,
        path: decodePath(path.slice(servicePath.length + 1)),
        query,
        list: () => listInstances(dataverses, claims, reach),
      }),
    );
  };
  scope.get(servicePath, answer);
  scope.get(`${servicePath}/*`, answer);
}

/** Environments have no discovery service at the names that they have in Microsoft's cloud. */
function isServedAt(context: CloudContext, origin: string): boolean {
  return globalDiscoveryOrigins.includes(origin) || allLocalOrigins(context).includes(origin);
}

function audiencesAt(context: TokenContext, origin: string): readonly string[] {
  if (globalDiscoveryOrigins.includes(origin)) return [origin];
  return [...allLocalOrigins(context), ...globalDiscoveryOrigins];
}

function allLocalOrigins(context: CloudContext): string[] {
  return listEnvironments(context.directory).flatMap((environment) => localOrigins(context, environment));
}

/** By a public name to public names of the same cloud, by a local port to local ports of the same scheme. */
function reachFrom(
  context: TokenContext,
  origin: string,
  { environment }: Dataverse,
): { url: string; apiUrl: string } | null {
  if (globalDiscoveryOrigins.includes(origin)) {
    const [url = '', apiUrl = ''] = publicOrigins(environment);
    return listsRegion(origin, environment.regionHost) ? { url, apiUrl } : null;
  }
  const { protocol } = new URL(origin);
  const local = localOrigins(context, environment).find((candidate) => candidate.startsWith(protocol));
  return local === undefined ? null : { url: local, apiUrl: local };
}

/** Each cloud has a discovery service of its own, and the GCC (crm9) within the global cloud, too. */
function listsRegion(discoveryOrigin: string, regionHost: string): boolean {
  const own = `https://globaldisco.${regionHost}`;
  if (globalDiscoveryOrigins.includes(own)) return own === discoveryOrigin;
  const cloud = Object.values(nationalClouds).find(({ crmRegionHost }) => crmRegionHost.test(regionHost));
  return cloud?.globalDiscovery[0] === discoveryOrigin;
}

/** The authority of the challenge is `common`: the service belongs to no tenant. */
function sendChallenge(context: CloudContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const entraOrigin = originOf(context.addresses.entra, request);
  const crmOrigin = originOf(context.addresses.crm, request);
  return reply
    .code(401)
    .header('WWW-Authenticate', bearerChallenge('common', { entraOrigin, crmOrigin }))
    .send({ Message: 'Authorization has been denied for this request.' });
}

function unknownPath(request: FastifyRequest): DataverseError {
  const [path] = splitOnce(request.raw.url ?? '', '?');
  return new DataverseError('unknownSegment', `Resource not found for the segment '${path}'.`);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
