import { makeAccessToken } from '../measuring/make-access-token.ts';
import { makeRefreshToken } from '../measuring/make-refresh-token.ts';
import { listen } from './listen.ts';
import { announceReady } from './serve.ts';

/** Stands for authority and environment, and does as little as it can: every answer is there already. */
const identity = { UserId: crypto.randomUUID(), OrganizationId: crypto.randomUUID() };
const page = {
  value: Array.from({ length: 30 }, (_, number) => ({
    accountid: crypto.randomUUID(),
    name: `Account ${number}`,
  })),
};
const answers = { token: '', identity: JSON.stringify(identity), page: JSON.stringify(page) };

const origin = await listen((request, response) => {
  const { method, url = '' } = request;
  const body = method === 'POST' ? answers.token : url.endsWith('/WhoAmI') ? answers.identity : answers.page;
  request.resume();
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body);
});
answers.token = JSON.stringify({
  token_type: 'Bearer',
  expires_in: 86_400,
  access_token: makeAccessToken(origin),
  refresh_token: makeRefreshToken(),
});
announceReady({ origin });
