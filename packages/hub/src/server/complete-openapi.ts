import { z } from 'zod';

const operationSchema = z.looseObject({ responses: z.record(z.string(), z.unknown()).optional() });

/** As much of an OpenAPI document as is completed here; the rest stays as it is. */
export const openApiDocumentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
type OpenApiDocument = z.output<typeof openApiDocumentSchema>;

const failure = {
  description: 'What went wrong, who acts and what to do',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/**
 * Adds what the generator leaves out, that every operation may fail with a problem, and takes away what it adds: it
 * writes each schema twice, once as input and once as output, though ours are one or the other.
 */
export function completeOpenApi(document: OpenApiDocument): OpenApiDocument {
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) {
      operation.responses = { ...operation.responses, default: failure };
    }
  }
  while (removeUnused(document));
  return document;
}

/** @returns whether there was any; what only an unused one refers to is unused then, too */
function removeUnused(document: OpenApiDocument): boolean {
  const text = JSON.stringify(document);
  const { schemas } = document.components;
  const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
  for (const name of unused) delete schemas[name];
  return unused.length > 0;
}
