import { noSpans, outcomeOf, type Spans } from './telemetry.ts';

/** Where an SDK of OpenTelemetry puts itself when it is started (@opentelemetry/api, `internal/global-utils`). */
const globalOfApi = Symbol.for('opentelemetry.js.api.1');

/**
 * Spans by OpenTelemetry's API, where an SDK was started before the hub (`node --import`). Without one nothing is loaded,
 * and nothing is done for a span.
 */
export async function openSpans(): Promise<Spans> {
  if (!Reflect.has(globalThis, globalOfApi)) return noSpans;
  const { SpanStatusCode, trace } = await import('@opentelemetry/api');
  const tracer = trace.getTracer('latchkey');
  return {
    run: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          return await work();
        } catch (error) {
          // The message stays out: only the code is known to say nothing of what was sent.
          span.setAttribute('error.type', outcomeOf(error));
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      }),
  };
}
