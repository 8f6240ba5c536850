import assert from 'node:assert/strict';
import { startLocalCloud } from '@latchkey/cloud';

const cloud = await startLocalCloud({
  seed: {
    tenants: [
      {
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.com'],
        applications: [{ displayName: 'Nightly', appId: '7a1c0000-0000-4000-8000-000000000002' }],
      },
    ],
  },
});
const before = cloud.state.takeSnapshot();
// … whatever the test changes …
cloud.state.restore(before);
assert.equal(cloud.state.exportSeed().tenants?.length, 2); // Contoso and Fabrikam
await cloud.close();
