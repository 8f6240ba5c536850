import { environmentVersion } from '../../directory/environments.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import { parseQueryOptions } from '../query/query-options.ts';
import type { Answer, WebApiRequest } from './answer.ts';
import { currentOrganization } from './current-organization.ts';
import type { FunctionResource } from './resolve-resource.ts';

/** `GET /WhoAmI()` and its like, with or without the parentheses. */
export function callFunction(request: WebApiRequest, { name, arguments: given }: FunctionResource): Answer {
  const { aliases } = parseQueryOptions(request.query, []);
  const { call } = request;
  if (given.length > 0 && name !== 'RetrieveCurrentOrganization') {
    throw new DataverseError('badQuery', `The function '${name}' takes no parameters.`);
  }
  const results: Record<FunctionResource['name'], () => object> = {
    WhoAmI: () => whoAmI(request),
    RetrieveVersion: () => ({ Version: environmentVersion }),
    RetrieveCurrentOrganization: () => currentOrganization(call, given, aliases),
  };
  return {
    status: 200,
    json: {
      '@odata.context': `${call.serviceRoot}/$metadata#Microsoft.Dynamics.CRM.${name}Response`,
      ...results[name](),
    },
  };
}

/** `UserId` is the id of the systemuser, not the object id of the directory. */
function whoAmI({ call: { caller, environment } }: WebApiRequest): Record<string, string> {
  return {
    BusinessUnitId: caller.businessUnitId,
    UserId: caller.userId,
    OrganizationId: environment.organizationId,
  };
}
