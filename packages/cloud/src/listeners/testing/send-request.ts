import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';

/** One request over a real socket, with a connection of its own unless an agent is given. */
export function sendRequest(
  url: string,
  options: RequestOptions = {},
): Promise<{ status: number | undefined; location: string | undefined; body: string }> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode, location: response.headers.location, body }),
      );
      response.on('error', reject);
    };
    send(url, { agent: false, ...options }, answered)
      .on('error', reject)
      .end();
  });
}
