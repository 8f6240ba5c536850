import { findApplicationByAppId } from '../../directory/applications.ts';
import { type ConsentRequest, listConsentRequests } from '../../directory/consent-requests.ts';
import { stableGuid } from '../../directory/stable-guid.ts';
import { findUser } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireConsentAdministrator } from '../access/person-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall, GraphOperation, GraphResource } from '../operation/graph-operation.ts';
import { presentMoment } from '../operation/present-moment.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { listedObjects } from '../query/object-set.ts';

const context = 'identityGovernance/appConsent/appConsentRequests';
const permissions = [permissionRules.readConsentRequests];

const appRequestType: ResourceType = {
  name: 'appConsentRequest',
  properties: ['id', 'appId', 'appDisplayName', 'consentType', 'pendingScopes', 'userConsentRequests'],
};
const userRequestType: ResourceType = {
  name: 'userConsentRequest',
  properties: [
    'id',
    'approvalId',
    'completedDateTime',
    'createdBy',
    'createdDateTime',
    'customData',
    'reason',
    'status',
    'approval',
  ],
};

/** `/identityGovernance/appConsent/appConsentRequests`: what people ask their administrators to consent to. */
export const consentRequestOperations: GraphOperation[] = [
  { method: 'GET', path: `/${context}`, permissions, handle: listAppRequests },
  { method: 'GET', path: `/${context}/:request`, permissions, handle: getAppRequest },
  {
    method: 'GET',
    path: `/${context}/:request/userConsentRequests`,
    permissions,
    handle: listUserRequests,
  },
  {
    method: 'GET',
    path: `/${context}/:request/userConsentRequests/:userRequest`,
    permissions,
    handle: getUserRequest,
  },
];

/** All that was asked for one application in the caller's tenant. */
interface AppRequest {
  id: string;
  appId: string;
  requests: ConsentRequest[];
}

function listAppRequests(call: GraphCall): GraphAnswer {
  const answer = answerCollection(call, {
    context,
    type: appRequestType,
    objects: listedObjects(readAppRequests(call).map((request) => presentAppRequest(call, request))),
  });
  // Filters look at the people's requests, but the list does not show them.
  if (!('body' in answer) || !Array.isArray(answer.body.value)) return answer;
  const value = answer.body.value.map((item: GraphResource) =>
    'userConsentRequests' in item ? { ...item, userConsentRequests: [] } : item,
  );
  return { ...answer, body: { ...answer.body, value } };
}

function getAppRequest(call: GraphCall): GraphAnswer {
  const { userConsentRequests: _people, ...resource } = presentAppRequest(call, findAppRequest(call));
  return answerEntity(call, { context, type: appRequestType, resource });
}

function listUserRequests(call: GraphCall): GraphAnswer {
  const { id, requests } = findAppRequest(call);
  return answerCollection(call, {
    context: `${context}('${id}')/userConsentRequests`,
    type: userRequestType,
    objects: listedObjects(requests.map((request) => presentUserRequest(call, request))),
  });
}

function getUserRequest(call: GraphCall): GraphAnswer {
  const { id, requests } = findAppRequest(call);
  const wanted = call.params.userRequest ?? '';
  const request = requests.find((candidate) => candidate.id === wanted.toLowerCase());
  if (!request) throw resourceNotFound(wanted);
  return answerEntity(call, {
    context: `${context}('${id}')/userConsentRequests`,
    type: userRequestType,
    resource: presentUserRequest(call, request),
  });
}

function readAppRequests({ context: { directory }, caller }: GraphCall): AppRequest[] {
  requireConsentAdministrator(caller);
  const { id: tenantId } = caller.tenant;
  const byApp = Map.groupBy(listConsentRequests(directory, tenantId), ({ appId }) => appId);
  return [...byApp].map(([appId, requests]) => ({
    id: stableGuid(`app-consent-request:${tenantId}:${appId}`),
    appId,
    requests,
  }));
}

/** @throws GraphError 404 */
function findAppRequest(call: GraphCall): AppRequest {
  const wanted = call.params.request ?? '';
  const request = readAppRequests(call).find(({ id }) => id === wanted.toLowerCase());
  if (!request) throw resourceNotFound(wanted);
  return request;
}

function presentAppRequest(call: GraphCall, { id, appId, requests }: AppRequest): GraphResource {
  const waiting = requests.filter(({ decision }) => decision === null);
  const scopes = new Set(waiting.flatMap(({ pending }) => pending.flatMap((item) => item.scopes)));
  return {
    id,
    appId,
    appDisplayName: findApplicationByAppId(call.context.directory, appId)?.displayName ?? null,
    consentType: 'Dynamic',
    pendingScopes: [...scopes].map((displayName) => ({ displayName })),
    userConsentRequests: requests.map((request) => presentUserRequest(call, request)),
  };
}

function presentUserRequest({ context: { directory } }: GraphCall, request: ConsentRequest): GraphResource {
  const { id, userId, decidedAt, decidedBy } = request;
  const completedDateTime = decidedAt === null ? null : presentMoment(decidedAt);
  const status = request.decision === null ? 'InProgress' : 'Completed';
  const reviewer = decidedBy === null ? undefined : findUser(directory, decidedBy);
  return {
    id,
    approvalId: id,
    completedDateTime,
    createdBy: { user: presentPerson(userId, findUser(directory, userId)) },
    createdDateTime: presentMoment(request.createdAt),
    customData: null,
    reason: request.reason,
    status,
    approval: {
      id,
      stages: [
        {
          id: stableGuid(`approval-stage:${id}`),
          assignedToMe: true,
          displayName: null,
          justification: null,
          reviewedBy: decidedBy === null ? null : presentPerson(decidedBy, reviewer),
          reviewedDateTime: completedDateTime,
          reviewResult: request.decision ?? 'NotReviewed',
          status,
        },
      ],
    },
  };
}

function presentPerson(id: string, user: ReturnType<typeof findUser>): GraphResource {
  return {
    id,
    displayName: user?.displayName ?? null,
    userPrincipalName: user?.userPrincipalName ?? null,
    mail: user?.mail ?? null,
  };
}
