import { expect, it } from 'vitest';
import { startProduct } from './support/start-product.ts';

const passedOnMethods = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put'];

const contract: Record<string, string[]> = {
  '/healthz': ['get'],
  '/readyz': ['get'],
  '/api/v1/session': ['delete', 'get', 'post'],
  '/api/v1/settings': ['get'],
  '/api/v1/keeper': ['get'],
  '/api/v1/events': ['get'],
  '/api/v1/api-keys': ['get', 'post'],
  '/api/v1/api-keys/{id}': ['delete'],
  '/api/v1/api-keys/{id}/rotate': ['post'],
  '/api/v1/environment-address': ['post'],
  '/api/v1/registrations': ['get', 'post'],
  '/api/v1/registrations/{id}': ['delete', 'get', 'patch'],
  '/api/v1/registrations/{id}/automatic-rotation': ['post'],
  '/api/v1/registrations/{id}/certificate': ['get'],
  '/api/v1/registrations/{id}/check': ['post'],
  '/api/v1/registrations/{id}/clean-up': ['post'],
  '/api/v1/registrations/{id}/events': ['get'],
  '/api/v1/registrations/{id}/rename': ['post'],
  '/api/v1/registrations/{id}/repair': ['post'],
  '/api/v1/registrations/{id}/rotate': ['post'],
  '/api/v1/registrations/{id}/usage': ['get'],
  '/api/v1/registrations/{id}/sign-in': ['post'],
  '/api/v1/registrations/{id}/retry': ['post'],
  '/api/v1/registrations/{id}/undo': ['post'],
  '/api/v1/connections': ['get', 'post'],
  '/api/v1/connections/{id}': ['delete', 'get', 'patch'],
  '/api/v1/connections/{id}/application-user': ['get', 'post'],
  '/api/v1/connections/{id}/application-user/retry': ['post'],
  '/api/v1/connections/{id}/application-user/roles': ['post'],
  '/api/v1/connections/{id}/application-user/undo': ['post'],
  '/api/v1/connections/{id}/confirm-identity': ['post'],
  '/api/v1/connections/{id}/events': ['get'],
  '/api/v1/connections/{id}/health': ['get'],
  '/api/v1/connections/{id}/sign-in': ['post'],
  '/api/v1/connections/{id}/test': ['post'],
  '/api/v1/connections/{id}/refresh': ['post'],
  '/api/v1/connections/{id}/token': ['get'],
  '/api/v1/connections/{id}/token-facts': ['get'],
  '/api/v1/connections/{id}/environment/{*}': passedOnMethods,
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
