import type { FastifyReply } from 'fastify';
import type { Answer } from '../operations/answer.ts';
import { jsonContentType } from './send-error.ts';

/** Sends what an operation answers. */
export function sendAnswer(reply: FastifyReply, { status, headers = {}, json, text }: Answer): FastifyReply {
  reply.code(status).headers(headers);
  if (json) return reply.header('content-type', jsonContentType).send(Buffer.from(JSON.stringify(json)));
  return text ? reply.header('content-type', text.contentType).send(text.content) : reply.send();
}
