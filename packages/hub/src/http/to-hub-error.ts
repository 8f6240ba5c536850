import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { HubError, type HubErrorCode } from '../errors/hub-error.ts';
import { isStoreUnavailable } from '../store/is-store-unavailable.ts';
import { isTextUnstorable } from '../store/unstorable-text.ts';
import { describeDamage } from './describe-damage.ts';

/** Fastify's own refusals of a request (https://fastify.dev/docs/latest/Reference/Errors/). */
const fastifyErrors: Readonly<Record<string, HubErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_malformed',
  FST_ERR_BAD_URL: 'request_malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'request_malformed',
  // Of @fastify/static: the address climbs out of the folder.
  FST_STATIC_FORBIDDEN_PATH: 'route_not_found',
};

/** Where Fastify's own words quote the address, which may carry a code. */
const addressDetails: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'The address has a percent sign that encodes nothing.',
  FST_ERR_MAX_PARAM_LENGTH: 'A part of the address is longer than any id.',
  FST_STATIC_FORBIDDEN_PATH: 'The address leads out of what is served.',
};

/**
 * The one mapping from what a route threw to what the caller is told. What nobody expected is an `internal_error`,
 * whose cause is for the log only.
 */
export function toHubError(error: unknown, { bodyLimitBytes }: { bodyLimitBytes: number }): HubError {
  if (error instanceof HubError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map(({ instancePath, message }) => ({
      path: toFieldPath(instancePath),
      message: message ?? 'This value is not valid.',
    }));
    const detail = fields.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
    return new HubError('invalid_body', { detail, fields });
  }
  if (isFastifyError(error)) {
    const code = fastifyErrors[error.code];
    if (code === 'body_too_large') {
      return new HubError(code, { detail: `The limit is ${bodyLimitBytes} bytes.`, cause: error });
    }
    if (code) {
      const detail = addressDetails[error.code] ?? `${error.message}.`.replace(/\.+$/, '.');
      return new HubError(code, { detail, cause: error });
    }
    // JSON with a "__proto__" key, and whatever else Fastify finds wrong with a request.
    if (error.statusCode === 400) return new HubError('request_malformed', { cause: error });
  }
  if (isTextUnstorable(error)) {
    const detail = 'A text in it has the character U+0000, which no database keeps.';
    return new HubError('request_malformed', { detail, cause: error });
  }
  const damage = describeDamage(error);
  if (damage) return damage;
  if (isStoreUnavailable(error)) return new HubError('store_unavailable', { cause: error });
  return new HubError('internal_error', { cause: error });
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error;
}

/** From a JSON pointer (`/items/0/name`) to the path that our own checks use (`items.0.name`). */
function toFieldPath(instancePath: string): string {
  return instancePath.replace(/^\//, '').replaceAll('/', '.');
}
