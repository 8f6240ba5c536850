import type { FastifyInstance } from 'fastify';
import type { CloudContext } from '../../cloud-context.ts';
import { answerConsentRequest } from '../../directory/answer-consent-request.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import {
  type ConsentRequest,
  findConsentRequest,
  listConsentRequests,
} from '../../directory/consent-requests.ts';
import { listTenants } from '../../directory/tenants.ts';
import { findUser } from '../../directory/users.ts';

const path = '/_latchkey/consent-requests';
const status = { noContent: 204, badRequest: 400, notFound: 404 };

/**
 * The requests for an administrator's consent, for tests in other processes: `GET`, and
 * `POST {"decision": "approve"}` or `"deny"` to one by its id. An approval consents for everybody in the tenant.
 */
export function registerConsentRequestControl(
  scope: FastifyInstance,
  { directory }: Pick<CloudContext, 'directory'>,
): void {
  scope.get(path, async () => ({
    consentRequests: listTenants(directory)
      .flatMap(({ id }) => listConsentRequests(directory, id))
      .map((request) => present(directory, request)),
  }));
  scope.post<{ Params: { id: string } }>(`${path}/:id`, async (request, reply) => {
    const found = findConsentRequest(directory, request.params.id);
    const decision = readDecision(request.body);
    if (!found) return reply.code(status.notFound).send({ error: 'There is no such request.' });
    if (!decision) {
      return reply
        .code(status.badRequest)
        .send({ error: 'Expected {"decision": "approve"} or {"decision": "deny"}.' });
    }
    answerConsentRequest(directory, found, decision, null);
    return reply.code(status.noContent).send();
  });
}

function present(directory: CloudContext['directory'], request: ConsentRequest): object {
  const { id, appId, tenantId, userId, reason, createdAt, decision, decidedAt } = request;
  return {
    id,
    tenantId,
    appId,
    app: findApplicationByAppId(directory, appId)?.displayName ?? null,
    user: findUser(directory, userId)?.userPrincipalName ?? null,
    reason,
    scopes: request.pending.flatMap(({ scopes }) => scopes),
    createdAt: new Date(createdAt).toISOString(),
    decision: decision?.toLowerCase() ?? null,
    decidedAt: decidedAt === null ? null : new Date(decidedAt).toISOString(),
  };
}

function readDecision(body: unknown): 'Approve' | 'Deny' | null {
  if (typeof body !== 'object' || body === null || !('decision' in body)) return null;
  if (body.decision === 'approve') return 'Approve';
  return body.decision === 'deny' ? 'Deny' : null;
}
