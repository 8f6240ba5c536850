import type { ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { listen } from './listen.ts';
import { announceReady, readSetting } from './serve.ts';

/** The least that passes a request on correctly: undici's dispatch, back-pressure, the caller's going away. */
const pool = new Pool(readSetting('origin'));
const authorization = `Bearer ${readSetting('accessToken')}`;

function passOn(response: ServerResponse): Dispatcher.DispatchHandler {
  let controller: Dispatcher.DispatchController | undefined;
  response.once('close', () => {
    if (!response.writableFinished) controller?.abort(new Error('The caller went away.'));
  });
  response.on('drain', () => controller?.resume());
  return {
    onRequestStart(started) {
      controller = started;
    },
    onResponseStart(_controller, status, headers) {
      const { connection: _connection, 'keep-alive': _keepAlive, ...passed } = headers;
      response.writeHead(status, passed);
    },
    onResponseData(started, chunk) {
      if (!response.write(chunk)) started.pause();
    },
    onResponseEnd() {
      response.end();
    },
    onResponseError() {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    },
  };
}

announceReady({
  origin: await listen((request, response) => {
    const {
      host: _host,
      connection: _connection,
      authorization: _authorization,
      ...headers
    } = request.headers;
    const { method = 'GET', url: path = '/' } = request;
    const body = method === 'GET' ? null : request;
    pool.dispatch({ method, path, body, headers: { ...headers, authorization } }, passOn(response));
  }),
});
