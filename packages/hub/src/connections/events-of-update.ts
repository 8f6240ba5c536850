import type { UpdateConnection } from '@latchkey/api';
import type { NewEvent } from '../events/record-event.ts';
import type { ConnectionRow } from '../store/schema.ts';

/** What the settings are called in sentences. */
const settingNames = {
  name: 'name',
  description: 'description',
  requestTimeoutSeconds: 'timeout',
  clientSecret: 'client secret',
  clientCertificate: 'certificate',
} as const;

type Setting = keyof typeof settingNames;

/** @returns what is told of a change: which settings it sets anew, never the value of a secret */
export function eventsOfUpdate(before: ConnectionRow, change: UpdateConnection): Omit<NewEvent, 'subject'>[] {
  const events: Omit<NewEvent, 'subject'>[] = [];
  const stood: Partial<Record<Setting, string | number>> = {
    name: before.name,
    description: before.description,
    requestTimeoutSeconds: before.request_timeout_seconds,
  };
  const settings: Setting[] = [
    'name',
    'description',
    'requestTimeoutSeconds',
    'clientSecret',
    'clientCertificate',
  ];
  // Of a secret nobody knows whether it is the same.
  const changed = settings.filter(
    (setting) => change[setting] !== undefined && change[setting] !== stood[setting],
  );
  if (changed.length > 0) {
    const summary = `Changed: ${changed.map((setting) => settingNames[setting]).join(', ')}.`;
    events.push({ kind: 'changed', summary, facts: { settings: changed.join(', ') } });
  }
  if (change.disabled !== undefined && change.disabled !== (before.disabled !== 0)) {
    events.push(
      change.disabled
        ? { kind: 'disabled', summary: 'The connection was disabled.' }
        : { kind: 'enabled', summary: 'The connection was enabled.' },
    );
  }
  return events;
}
