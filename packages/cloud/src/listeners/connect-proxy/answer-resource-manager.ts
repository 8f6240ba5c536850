import type { ServerResponse } from 'node:http';
import { nationalClouds } from '@latchkey/microsoft';

const notFound = 404;
const endpointsPath = '/metadata/endpoints';

/**
 * Of Azure Resource Manager only what tells a client where to sign in: `GET /metadata/endpoints`, which needs no
 * token. The rest of Azure is not here.
 *
 * @param url path and query as sent
 */
export function answerResourceManager(response: ServerResponse, url: string): void {
  const [path = ''] = url.split('?', 1);
  if (path === endpointsPath) {
    const { authority } = nationalClouds.global;
    sendJson(response, 200, {
      portalEndpoint: 'https://portal.azure.com',
      authentication: {
        loginEndpoint: authority,
        audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
      },
    });
    return;
  }
  const message = `The local Microsoft cloud has no Azure Resource Manager: '${path}' is not there.`;
  sendJson(response, notFound, { error: { code: 'NotFound', message } });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
