import type * as client from '@latchkey/client';
import { expect, expectTypeOf, it } from 'vitest';
import type { apiKeySchema } from '../packages/hub/src/access/api-key-view.ts';
import type {
  createdApiKeySchema,
  sessionSchema,
} from '../packages/hub/src/access/register-access-routes.ts';
import type {
  accessTokenSchema,
  connectionSchema,
  connectionTestSchema,
  createConnectionSchema,
  signInLinkSchema,
  tokenFactsSchema,
  updateConnectionSchema,
} from '../packages/hub/src/connections/connection-schemas.ts';
import type { failureSchema } from '../packages/hub/src/errors/failure-schema.ts';
import type { Problem } from '../packages/hub/src/http/problem.ts';
import type {
  createRegistrationSchema,
  registrationSchema,
} from '../packages/hub/src/registrations/registration-schemas.ts';
import type {
  environmentAddressSchema,
  settingsSchema,
} from '../packages/hub/src/server/register-settings-routes.ts';
import { startProduct } from './support/start-product.ts';

interface Schema {
  _zod: { input: unknown; output: unknown };
}
/** What a route answers with. */
type Answer<S extends Schema> = S['_zod']['output'];
/** What a route takes, before defaults. */
type Body<S extends Schema> = S['_zod']['input'];

// `tsc` is what fails here: each line is an assertion about types, which are gone when the test runs.
it('answers in the shapes of the client library’s types', () => {
  expectTypeOf<Answer<typeof settingsSchema>>().toEqualTypeOf<client.Settings>();
  expectTypeOf<Answer<typeof environmentAddressSchema>>().toExtend<client.EnvironmentAddress>();
  expectTypeOf<Answer<typeof sessionSchema>>().toEqualTypeOf<client.Session>();
  expectTypeOf<Answer<typeof apiKeySchema>>().toEqualTypeOf<client.ApiKey>();
  expectTypeOf<Answer<typeof createdApiKeySchema>>().toExtend<client.CreatedApiKey>();
  expectTypeOf<client.CreatedApiKey>().toExtend<Answer<typeof createdApiKeySchema>>();
  expectTypeOf<Answer<typeof failureSchema>>().toEqualTypeOf<client.Failure>();
  expectTypeOf<Problem>().toExtend<client.Problem>();
  expectTypeOf<client.Problem>().toExtend<Problem>();
  expectTypeOf<Answer<typeof connectionSchema>>().toEqualTypeOf<client.Connection>();
  expectTypeOf<Answer<typeof connectionTestSchema>>().toEqualTypeOf<client.ConnectionTest>();
  expectTypeOf<Answer<typeof accessTokenSchema>>().toEqualTypeOf<client.AccessToken>();
  expectTypeOf<Answer<typeof tokenFactsSchema>>().toEqualTypeOf<client.TokenFacts>();
  expectTypeOf<Answer<typeof signInLinkSchema>>().toEqualTypeOf<client.SignInLink>();
  expectTypeOf<Answer<typeof registrationSchema>>().toExtend<client.Registration>();
  expectTypeOf<client.Registration>().toExtend<Answer<typeof registrationSchema>>();
});

it('takes what the client library’s types let through', () => {
  expectTypeOf<client.CreateConnection>().toExtend<Body<typeof createConnectionSchema>>();
  expectTypeOf<Body<typeof createConnectionSchema>>().toExtend<client.CreateConnection>();
  expectTypeOf<client.UpdateConnection>().toExtend<Body<typeof updateConnectionSchema>>();
  expectTypeOf<Body<typeof updateConnectionSchema>>().toExtend<client.UpdateConnection>();
  expectTypeOf<client.CreateRegistration>().toExtend<Body<typeof createRegistrationSchema>>();
  expectTypeOf<Body<typeof createRegistrationSchema>>().toExtend<client.CreateRegistration>();
});

const passedOnMethods = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put'];

const contract: Record<string, string[]> = {
  '/healthz': ['get'],
  '/readyz': ['get'],
  '/api/v1/session': ['delete', 'get', 'post'],
  '/api/v1/settings': ['get'],
  '/api/v1/api-keys': ['get', 'post'],
  '/api/v1/api-keys/{id}': ['delete'],
  '/api/v1/environment-address': ['post'],
  '/api/v1/registrations': ['get', 'post'],
  '/api/v1/registrations/{id}': ['get'],
  '/api/v1/registrations/{id}/sign-in': ['post'],
  '/api/v1/registrations/{id}/retry': ['post'],
  '/api/v1/registrations/{id}/undo': ['post'],
  '/api/v1/connections': ['get', 'post'],
  '/api/v1/connections/{id}': ['delete', 'get', 'patch'],
  '/api/v1/connections/{id}/sign-in': ['post'],
  '/api/v1/connections/{id}/test': ['post'],
  '/api/v1/connections/{id}/refresh': ['post'],
  '/api/v1/connections/{id}/token': ['get'],
  '/api/v1/connections/{id}/token-facts': ['get'],
  '/api/v1/connections/{id}/proxy/{*}': passedOnMethods,
};

it('documents every call of the contract, and no other', async () => {
  const product = await startProduct();
  try {
    const response = await fetch(`${product.hub.url}/openapi.json`);
    const document = (await response.json()) as { openapi: string; paths: Record<string, object> };
    expect(document.openapi).toMatch(/^3\.1\./);
    const documented = Object.entries(document.paths).map(([path, calls]) => [
      path,
      Object.keys(calls).sort(),
    ]);
    expect(Object.fromEntries(documented)).toEqual(contract);
  } finally {
    await product.close();
  }
});
