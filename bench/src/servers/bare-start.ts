import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { listen } from './listen.ts';
import { announceReady, readSetting } from './serve.ts';

/** What a start can't do without: read an RSA key from disk, open a port, sign. */
const key = createPrivateKey(readFileSync(readSetting('keyFile')));

announceReady({
  origin: await listen((_request, response) => {
    sign('RSA-SHA256', Buffer.from('a token'), key, (error, signature) => {
      if (error) throw error;
      response.end(signature);
    });
  }),
});
