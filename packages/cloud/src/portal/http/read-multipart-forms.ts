import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Parameters } from '../../web/parse-form.ts';
import { PortalError } from './portal-error.ts';

/**
 * Reads forms with files (RFC 7578). A file becomes the base64 of its bytes, under the name of its field; a field
 * without a file chosen, as one without text, counts as absent.
 */
export function readMultipartForms(app: FastifyInstance): void {
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, readFields);
}

async function readFields(request: FastifyRequest, body: Buffer): Promise<Parameters> {
  const fields = new Map<string, string>();
  for (const [name, value] of await parse(body, request.headers['content-type'] ?? '')) {
    const text =
      typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer()).toString('base64');
    if (text !== '') fields.set(name, text);
  }
  return fields;
}

async function parse(body: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch (error) {
    if (error instanceof TypeError) throw new PortalError(400, 'The form could not be read.');
    throw error;
  }
}
