/** What a 401 tells about where tokens come from. Every part is missing where the header does not carry it. */
export interface BearerChallenge {
  /** The authorize endpoint, verbatim. */
  readonly authorizationUri?: string;
  /** The resource to ask a token for, verbatim: Dataverse writes it with a slash at the end. */
  readonly resourceId?: string;
  /** First path segment of the authorize endpoint: the tenant's id, or `common`. */
  readonly tenant?: string;
  /** Origin of the authorize endpoint. */
  readonly authority?: string;
  /** RFC 6750 §3.1, such as `invalid_token`. */
  readonly error?: string;
  readonly errorDescription?: string;
  /** The claims challenge of Continuous Access Evaluation (base64url), as sent. */
  readonly claims?: string;
}

/**
 * Reads the `WWW-Authenticate` header of a 401. An unauthenticated request to any Dataverse environment is answered
 * by one, so it tells the tenant of an environment without a sign-in.
 *
 * Lenient about quotes: Dataverse writes `authorization_uri=https://…, resource_id=https://…/` without them, Microsoft
 * Graph and RFC 6750 with them. The caller checks `authority` against the clouds it knows before it believes it.
 *
 * @returns an empty object when the header holds no Bearer challenge.
 */
export function parseBearerChallenge(header: string): BearerChallenge {
  const start = /(?:^|,)\s*Bearer(?=\s)/i.exec(header);
  if (!start) return {};
  const parameters = readParameters(header.slice(start.index + start[0].length));
  const authorizationUri = parameters.get('authorization_uri') ?? parameters.get('authorization');
  const resourceId = parameters.get('resource_id') ?? parameters.get('resource');
  const error = parameters.get('error');
  const errorDescription = parameters.get('error_description');
  const claims = parameters.get('claims');
  return {
    ...(authorizationUri && { authorizationUri, ...locate(authorizationUri) }),
    ...(resourceId && { resourceId }),
    ...(error && { error }),
    ...(errorDescription && { errorDescription }),
    ...(claims && { claims }),
  };
}

/** Names in lower case; where one occurs twice (a second challenge in the same header) the first counts. */
function readParameters(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const pattern = /(?<![\w-])([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;
  for (const [, name = '', quoted, bare = ''] of text.matchAll(pattern)) {
    const key = name.toLowerCase();
    if (!parameters.has(key))
      parameters.set(key, quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1'));
  }
  return parameters;
}

function locate(authorizationUri: string): Pick<BearerChallenge, 'tenant' | 'authority'> {
  if (!URL.canParse(authorizationUri)) return {};
  const url = new URL(authorizationUri);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return {};
  const tenant = url.pathname.split('/')[1];
  return { authority: url.origin, ...(tenant && { tenant }) };
}
