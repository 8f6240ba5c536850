import { guidPattern, wellKnownScopes } from '@latchkey/microsoft';
import { z } from 'zod';
import { HubError } from '../../errors/hub-error.ts';
import { notFound } from '../../ground/http-status.ts';
import { parseJson } from '../../ground/read-json.ts';
import type { OutboundResponse } from '../../outbound/outbound-http.ts';
import type { ApplicationUsers, CallEnvironment } from '../application-users.ts';
import { webApiPath } from './probe-environment.ts';

const guid = z.string().regex(new RegExp(`^${guidPattern}$`, 'i'));
const businessUnits = z.object({ value: z.tuple([z.object({ businessunitid: guid, name: z.string() })]) });
const role = z.object({ roleid: guid, name: z.string() });
const roles = z.object({ value: z.array(role), '@odata.nextLink': z.string().optional() });
const users = z.object({
  value: z.array(z.object({ systemuserid: guid, isdisabled: z.boolean().nullish() })),
});

/** An environment has some dozens of roles; a page holds 5,000. */
const mostPages = 20;
const association = 'systemuserroles_association';

/**
 * Application users of Dataverse: rows of `systemusers` with an `applicationid`, in the root business unit. One per
 * application and environment; it takes no licence, and without a role it may do nothing ("Manage application users").
 */
export const applicationUsers: ApplicationUsers = {
  signInParameters: (environmentUrl) => ({
    scope: `${environmentUrl}/${wellKnownScopes.dynamicsCrm.user_impersonation.value} openid profile`,
  }),

  async readPlace(call) {
    const filter = encodeURIComponent('_parentbusinessunitid_value eq null');
    const answer = await get(call, `businessunits?$select=businessunitid,name&$filter=${filter}`);
    const [root] = readAs(businessUnits, answer).value;
    // A copy of each role stands in every business unit; a user takes those of its own.
    const ofRoot = encodeURIComponent(`_businessunitid_value eq ${root.businessunitid}`);
    return {
      businessUnitId: root.businessunitid,
      businessUnitName: root.name,
      roles: await listRoles(call, `roles?$select=roleid,name&$filter=${ofRoot}&$orderby=name`),
    };
  },

  async find(call, applicationId) {
    const filter = encodeURIComponent(`applicationid eq ${applicationId}`);
    const answer = await get(call, `systemusers?$select=systemuserid,isdisabled&$filter=${filter}`);
    const [user] = readAs(users, answer).value;
    return user ? { id: user.systemuserid, isDisabled: user.isdisabled === true } : null;
  },

  async create(call, applicationId, businessUnitId) {
    await call({
      method: 'POST',
      path: `${webApiPath}/systemusers`,
      body: {
        applicationid: applicationId,
        'businessunitid@odata.bind': `/businessunits(${businessUnitId})`,
      },
    });
  },

  async enable(call, userId) {
    await call({ method: 'PATCH', path: userPath(userId), body: { isdisabled: false } });
  },

  rolesOf: (call, userId) => listRoles(call, `systemusers(${userId})/${association}?$select=roleid,name`),

  async giveRole(call, userId, roleId) {
    await call({
      method: 'POST',
      path: `${userPath(userId)}/${association}/$ref`,
      // The whole address: a relative one needs its context beside it ("Associate and disassociate table rows").
      body: { '@odata.id': `${call.environmentUrl}${webApiPath}/roles(${roleId})` },
    });
  },

  async takeRole(call, userId, roleId) {
    await ignoreMissing(
      call({ method: 'DELETE', path: `${userPath(userId)}/${association}(${roleId})/$ref` }),
    );
  },

  async remove(call, userId) {
    // Only one that is disabled may be deleted.
    await ignoreMissing(call({ method: 'PATCH', path: userPath(userId), body: { isdisabled: true } }));
    await ignoreMissing(call({ method: 'DELETE', path: userPath(userId) }));
  },
};

function get(call: CallEnvironment, query: string): Promise<OutboundResponse> {
  return call({ method: 'GET', path: `${webApiPath}/${query}` });
}

async function listRoles(call: CallEnvironment, query: string): Promise<{ id: string; name: string }[]> {
  const all: { id: string; name: string }[] = [];
  let next: string | undefined = `${webApiPath}/${query}`;
  for (let pages = 0; next !== undefined && pages < mostPages; pages += 1) {
    const page: z.infer<typeof roles> = readAs(roles, await call({ method: 'GET', path: next }));
    all.push(...page.value.map(({ roleid, name }) => ({ id: roleid, name })));
    next = page['@odata.nextLink'];
  }
  return all;
}

async function ignoreMissing(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (error instanceof HubError && error.options.remote?.httpStatus === notFound) return;
    throw error;
  }
}

function userPath(userId: string): string {
  return `${webApiPath}/systemusers(${userId})`;
}

function readAs<T>(schema: z.ZodType<T>, answer: OutboundResponse): T {
  const read = schema.safeParse(parseJson(answer.body));
  if (read.success) return read.data;
  throw new HubError('crm_nonsense', { detail: 'The answer is not that of the Web API.', cause: read.error });
}
