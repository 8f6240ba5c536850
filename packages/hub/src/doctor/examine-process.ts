import { get } from 'node:http';
import { z } from 'zod';
import type { HubConfig } from '../config/config.ts';
import type { StartTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { ok } from '../ground/http-status.ts';
import { parseJson } from '../ground/read-json.ts';
import { type Finding, failing, fine, warning } from './finding.ts';

const name = 'hub';
const patience = 5 * millisecondsPerSecond;

/** Every address of a machine is asked at its own. */
const ownAddresses: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

const readinessSchema = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) });

/** Asks the hub that is to listen here whether it is ready. That none runs is no failure: it may be about to be started. */
export async function examineProcess({ host, port }: HubConfig, startTimer: StartTimer): Promise<Finding> {
  const address = `http://${ownAddresses[host] ?? host}:${port}/readyz`;
  const answer = await askHere(address, startTimer);
  if (answer === null) {
    return warning(
      name,
      `Nothing answers at ${address}.`,
      'Start it, or run this with the settings that it runs with.',
    );
  }
  const readiness = readinessSchema.safeParse(parseJson(answer.text));
  if (!readiness.success) {
    return failing(
      name,
      `Something else answers at ${address}.`,
      'Choose another port (PORT), or end the other program.',
    );
  }
  if (answer.status === ok) return fine(name, 'It runs and is ready.');
  const bad = Object.entries(readiness.data.checks).filter(([, outcome]) => outcome !== 'ok');
  return failing(
    name,
    `It runs and is not ready: ${bad.map(([check]) => check).join(', ')}.`,
    'Its log tells why, by lines with "readiness check failed".',
  );
}

/** This machine's own hub is asked directly, whatever proxy is set. */
function askHere(url: string, startTimer: StartTimer): Promise<{ status: number; text: string } | null> {
  return new Promise((resolve) => {
    const request = get(url, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          text += chunk;
        })
        .on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        .on('error', () => resolve(null));
    });
    const timer = startTimer(patience, () => request.destroy());
    request.on('error', () => resolve(null)).on('close', () => timer[Symbol.dispose]());
  });
}
