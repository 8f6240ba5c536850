import process from 'node:process';
import { createMovableClock } from '@latchkey/cloud';
import { type CloudConfig, loadConfig, startHub } from '@latchkey/hub';

/** What `startHubProcess` hands over as the one argument. */
export interface HubProcessSettings {
  dataFolder: string;
  /** 0 takes any free port. */
  port: number;
  cloud: CloudConfig;
  /** How far its clock is ahead at the start. */
  advanceMilliseconds?: number;
}

/** Sent once the hub listens. */
export interface HubProcessReady {
  url: string;
  apiKey: string;
  entryLink: string;
}

/** A hub in a process of its own, told by messages what time it is. Ends with the process that started it. */
const settings = JSON.parse(process.argv[2] ?? '{}') as HubProcessSettings;
const clock = createMovableClock();
clock.advance(settings.advanceMilliseconds ?? 0);
const hub = await startHub({ config: loadConfig(process.env, { webFolder: null, ...settings }), clock });
process.on('message', (message: { advanceMilliseconds: number }) => {
  clock.advance(message.advanceMilliseconds);
  process.send?.({ advanced: true });
});
process.on('disconnect', () => process.exit());
process.once('SIGTERM', () => {
  void hub.close().then(() => process.exit());
});
const { key: apiKey } = await hub.createApiKey('e2e');
const ready: HubProcessReady = { url: hub.url, apiKey, entryLink: await hub.entryLink() };
process.send?.(ready);
