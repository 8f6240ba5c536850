import { type Provocation, readAnswer, v2Token } from './provocation.ts';

/** Codes about addresses and the encoding of a request. */
export const addressProvocations: readonly Provocation[] = [
  {
    code: 90004,
    how: 'Break the encoding of a parameter, or send a body of more than a megabyte.',
    provoke: async (entra) => {
      const answer = await entra.app.inject({
        method: 'POST',
        url: `/${entra.tenant.id}${v2Token}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'grant_type=%ZZ',
      });
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 90019,
    how: 'Leave the tenant out of an address: `/oauth2/v2.0/token`.',
    provoke: async (entra) => {
      const answer = await entra.app.inject({ method: 'POST', url: v2Token });
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
];
