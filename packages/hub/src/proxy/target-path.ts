const slash = 0x2f;
/** `/api/v1/connections/{id}/proxy/…`: what the sixth slash begins belongs to the environment. */
const slashesBeforeTarget = 6;

/**
 * Cuts the environment's path and query out of a request target, byte for byte: no decoding, no joining of slashes,
 * no resolving of dots, since the Web API tells `%24` from `$` and signs its paging cookies. Whatever stands in it,
 * the call can't leave the environment: the pool's origin is fixed.
 *
 * @param requestTarget a target that the route has matched; in absolute form (RFC 9112 §3.2.2) its origin is dropped
 */
export function targetPath(requestTarget: string): string {
  let index = requestTarget.charCodeAt(0) === slash ? 0 : startOfPath(requestTarget);
  for (let slashes = 1; slashes < slashesBeforeTarget; slashes++)
    index = requestTarget.indexOf('/', index + 1);
  return requestTarget.slice(index);
}

function startOfPath(absoluteForm: string): number {
  return absoluteForm.indexOf('/', absoluteForm.indexOf('//') + 2);
}
