import type { FastifyRequest } from 'fastify';
import { httpStatus } from '../../ground/http-status.ts';
import { AdminError } from '../errors/admin-error.ts';
import { readQuery } from './read-query.ts';

const versionForm = /^\d{4}-\d{2}-\d{2}(?:-[a-z]+)?$/i;

/**
 * The version that a request asks for, a date: later ones sort behind earlier ones.
 *
 * @throws AdminError 400 `MissingApiVersionParameter`, `InvalidApiVersionParameter`
 */
export function requireApiVersion(request: FastifyRequest): string {
  const version = readQuery(request).get('api-version');
  if (!version) {
    throw new AdminError(
      httpStatus.badRequest,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (versionForm.test(version)) return version;
  throw new AdminError(
    httpStatus.badRequest,
    'InvalidApiVersionParameter',
    `The api-version '${version}' is invalid. A version is a date, such as '2022-12-01'.`,
  );
}
