import { DataverseError } from '../dataverse-error.ts';
import { productVersion } from '../product-version.ts';
import { parseQueryOptions } from '../query/query-options.ts';
import type { Answer, WebApiRequest } from './answer.ts';
import type { FunctionResource } from './resolve-resource.ts';

/** `GET /WhoAmI()` and its like, with or without the parentheses. */
export function callFunction(request: WebApiRequest, { name, arguments: given }: FunctionResource): Answer {
  parseQueryOptions(request.query, []);
  if (given.length > 0) {
    throw new DataverseError('badQuery', `The function '${name}' takes no parameters.`);
  }
  const { serviceRoot } = request.call;
  return {
    status: 200,
    json: {
      '@odata.context': `${serviceRoot}/$metadata#Microsoft.Dynamics.CRM.${name}Response`,
      ...(name === 'WhoAmI' ? whoAmI(request) : { Version: productVersion }),
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
