import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown[] }>>;
  components: { schemas: Record<string, unknown> };
}

async function describeApi(): Promise<{ document: Document; text: string }> {
  const hub = await createTestHub();
  onTestFinished(() => hub.close());
  const answer = await hub.app.inject({ url: '/openapi.json' });
  return { document: answer.json(), text: answer.body };
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1, open to anybody', async () => {
    const { document } = await describeApi();
    expect(document.openapi).toBe('3.1.0');
  });

  it('begins with what it is, and tells of an operation what it does before how it ends', async () => {
    const { document } = await describeApi();
    expect(Object.keys(document).slice(0, 2)).toEqual(['openapi', 'info']);
    for (const operations of Object.values(document.paths)) {
      for (const operation of Object.values(operations)) {
        expect(Object.keys(operation)[0]).toBe('summary');
        expect(Object.keys(operation).at(-1)).toBe('responses');
      }
    }
  });

  it('names every route of the API and no page', async () => {
    const { document } = await describeApi();
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/healthz',
        '/api/v1/session',
        '/api/v1/api-keys/{id}',
        '/api/v1/connections/{id}',
      ]),
    );
    const pages = Object.keys(document.paths).filter((path) => !/^\/(api|healthz|readyz)/.test(path));
    expect(pages).toEqual([]);
  });

  it('says of every operation how it fails', async () => {
    const { document } = await describeApi();
    for (const operations of Object.values(document.paths)) {
      for (const { responses } of Object.values(operations)) {
        expect(responses.default).toMatchObject({
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        });
      }
    }
  });

  it('refers to nothing that is missing and carries nothing that is not referred to', async () => {
    const { document, text } = await describeApi();
    const references = new Set(text.match(/(?<="#\/components\/schemas\/)[^"]+/g));
    expect(Object.keys(document.components.schemas).sort()).toEqual([...references].sort());
  });
});
