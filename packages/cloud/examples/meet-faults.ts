import assert from 'node:assert/strict';
import { startLocalCloud } from '@latchkey/cloud';

const cloud = await startLocalCloud();
const whoAmI = () => fetch(`${cloud.crm.http}/api/data/v9.2/WhoAmI`);

cloud.faults.add({ service: 'crm', path: '*/WhoAmI', effect: { kind: 'throttle', retryAfterSeconds: 5 } });
const throttled = await whoAmI();
assert.equal(throttled.status, 429);
assert.equal(throttled.headers.get('retry-after'), '5');
assert.equal((await whoAmI()).status, 401); // once unless told otherwise

cloud.faults.add({ share: 0.1, effect: { kind: 'drop_connection' } }); // one request in ten, until cleared
cloud.faults.clear();
await cloud.close();
