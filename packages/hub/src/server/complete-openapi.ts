import { z } from 'zod';

const namedSchema = z.record(z.string(), z.unknown());

/**
 * As much of an OpenAPI document as is completed here; the rest stays as it is. Parsing puts what is named here first,
 * so all is named that people expect at the top of such a document.
 */
export const openApiDocumentSchema = z.looseObject({
  openapi: z.string(),
  info: namedSchema,
  components: z.looseObject({ securitySchemes: namedSchema, schemas: namedSchema }),
  paths: z.record(z.string(), z.record(z.string(), namedSchema)),
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
      const responses = namedSchema.optional().parse(operation.responses);
      operation.responses = { ...responses, default: failure };
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
