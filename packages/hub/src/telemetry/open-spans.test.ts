import {
  type Attributes,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanStatus,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { openSpans } from './open-spans.ts';
import { noSpans } from './telemetry.ts';

interface Recorded {
  name: string;
  attributes: Attributes;
  status: SpanStatus | null;
  isEnded: boolean;
}

/** Stands for an SDK: keeps what it is told. */
function recordSpans(): Recorded[] {
  const recorded: Recorded[] = [];
  const start = (name: string, options: { attributes?: Attributes } = {}): Span => {
    const entry: Recorded = { name, attributes: { ...options.attributes }, status: null, isEnded: false };
    recorded.push(entry);
    const span: Span = {
      spanContext: () => INVALID_SPAN_CONTEXT,
      setAttribute(key, value) {
        entry.attributes[key] = value;
        return span;
      },
      setAttributes: () => span,
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus(status) {
        entry.status = status;
        return span;
      },
      updateName: () => span,
      end: () => {
        entry.isEnded = true;
      },
      isRecording: () => true,
      recordException: () => undefined,
    };
    return span;
  };
  const tracer = {
    startSpan: start,
    startActiveSpan: (name: string, options: object, work: (span: Span) => unknown) =>
      work(start(name, options)),
  };
  trace.setGlobalTracerProvider({ getTracer: () => tracer as ReturnType<typeof trace.getTracer> });
  return recorded;
}

afterEach(() => trace.disable());

describe('spans', () => {
  it('are nothing without an SDK', async () => {
    Reflect.deleteProperty(globalThis, Symbol.for('opentelemetry.js.api.1'));
    expect(await openSpans()).toBe(noSpans);
    expect(await noSpans.run('any', {}, async () => 'done')).toBe('done');
  });

  it('are handed to the SDK that was started before', async () => {
    const recorded = recordSpans();
    const spans = await openSpans();
    expect(await spans.run('latchkey.refresh', { 'latchkey.connection.id': 'c1' }, async () => 'done')).toBe(
      'done',
    );
    expect(recorded).toEqual([
      {
        name: 'latchkey.refresh',
        attributes: { 'latchkey.connection.id': 'c1' },
        status: null,
        isEnded: true,
      },
    ]);
  });

  it('of what fails are marked by its code alone', async () => {
    const recorded = recordSpans();
    const spans = await openSpans();
    const fail = (error: Error) =>
      spans.run('latchkey.refresh', {}, async () => {
        throw error;
      });
    await expect(fail(new HubError('crm_timeout', { detail: 'secret' }))).rejects.toThrow('secret');
    await expect(fail(new Error('secret'))).rejects.toThrow('secret');
    expect(recorded.map(({ attributes }) => attributes['error.type'])).toEqual(['crm_timeout', 'error']);
    expect(recorded.every(({ status, isEnded }) => status?.code === SpanStatusCode.ERROR && isEnded)).toBe(
      true,
    );
    expect(JSON.stringify(recorded)).not.toContain('secret');
  });
});
