import { z } from 'zod';
import { HubError } from '../../errors/hub-error.ts';
import { parseJson } from '../../ground/read-json.ts';
import type { OutboundResponse } from '../../outbound/outbound-http.ts';
import type { Proof } from '../provider.ts';
import { webApiPath } from './probe-environment.ts';

const headers = { accept: 'application/json', 'odata-version': '4.0', 'odata-maxversion': '4.0' };

const whoAmISchema = z.object({ UserId: z.string(), OrganizationId: z.string() });
const accountsSchema = z.object({ value: z.array(z.object({ name: z.string().nullish() })) });

/** Who the account is in the environment, and that it may read a row there. */
export const proofs: readonly Proof[] = [
  {
    name: 'who_am_i',
    title: 'Dynamics 365 knows the account',
    path: `${webApiPath}/WhoAmI`,
    headers,
    read(answer) {
      const { UserId: userId, OrganizationId: organizationId } = readAs(whoAmISchema, answer);
      return `User ${userId} of the organization ${organizationId}`;
    },
    organizationOf: (answer) => readAs(whoAmISchema, answer).OrganizationId,
  },
  {
    name: 'read',
    title: 'Accounts can be read',
    path: `${webApiPath}/accounts?$select=name&$top=1`,
    headers,
    read(answer) {
      const [account] = readAs(accountsSchema, answer).value;
      return account
        ? `The first account is “${account.name ?? 'without a name'}”`
        : 'There is no account yet';
    },
  },
];

function readAs<T>(schema: z.ZodType<T>, answer: OutboundResponse): T {
  const read = schema.safeParse(parseJson(answer.body));
  if (read.success) return read.data;
  throw new HubError('crm_nonsense', { detail: 'The answer is not that of the Web API.', cause: read.error });
}
