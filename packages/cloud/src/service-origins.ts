/** Where one service listens; origins without a trailing slash. */
export interface ServiceOrigins {
  http: string;
  https: string;
}

/** Filled by the listeners before the first request is taken. */
export interface CloudAddresses {
  entra: ServiceOrigins;
  graph: ServiceOrigins;
  crm: ServiceOrigins;
  portal: ServiceOrigins;
  admin: ServiceOrigins;
}

export interface KnownAddresses extends CloudAddresses {
  /** Where the environments after the first listen, by their ids; the first is at `crm`. */
  environments?: ReadonlyMap<string, ServiceOrigins>;
  /** Discovery documents name Graph as their reader reaches it, and not always by Microsoft's host. */
  localGraphHost?: boolean;
}

/** By what origins the sender of a request knows the services, where those are not the listeners' own. */
export type KnownOrigins = ReadonlyMap<ServiceOrigins, string>;

const knownOrigins = new WeakMap<object, KnownOrigins>();

/** Notes that a request came by Microsoft's own names: through the CONNECT proxy. */
export function noteKnownOrigins(message: object, origins: KnownOrigins): void {
  knownOrigins.set(message, origins);
}

/**
 * The origin through which a request came: known by its connection (which proxied name, which kind of socket),
 * never by the Host header, which anybody can write.
 */
export function originOf(origins: ServiceOrigins, request: { raw: { socket: object } }): string {
  const known = knownOrigins.get(request.raw)?.get(origins);
  if (known !== undefined) return known;
  return 'encrypted' in request.raw.socket ? origins.https : origins.http;
}
