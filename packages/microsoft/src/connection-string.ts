/** A connection string of the Dataverse clients. What it does not say is null. */
export interface ConnectionString {
  /** The environment, as written. */
  readonly url: string | null;
  /** In lower case: `oauth`, `clientsecret`, `certificate`, `office365`, `ad`, `ifd`. */
  readonly authType: string | null;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  /** The directory, by id or domain; that of `Authority` when it is not given by itself. */
  readonly tenant: string | null;
  /** It names a person or carries a person's password. */
  readonly hasUser: boolean;
  readonly hasCertificate: boolean;
}

/**
 * Keys and their other names; case and blanks in them don't count. Source: Microsoft's "Use connection strings in XRM
 * tooling"; `TenantId` and `Authority` are of the clients that people have written beside it.
 */
const namesOfKeys = {
  url: ['url', 'serviceuri', 'server', 'resource'],
  authType: ['authtype', 'authenticationtype'],
  clientId: ['clientid', 'appid', 'applicationid'],
  clientSecret: ['clientsecret', 'secret'],
  tenant: ['tenantid', 'tenant'],
  authority: ['authority'],
  user: ['username', 'userid', 'password'],
  certificate: ['thumbprint', 'certthumbprint', 'certificatethumbprint'],
} as const;
type Key = keyof typeof namesOfKeys;

/** Keys that say nothing a hub could use; a string may begin with one of them. */
const otherKeys = [
  'domain',
  'homerealmuri',
  'integratedsecurity',
  'loginprompt',
  'redirecturi',
  'replyurl',
  'requirenewinstance',
  'skipdiscovery',
  'storename',
  'certificatestorename',
  'tokencachestorepath',
];

const keyOfName: ReadonlyMap<string, Key> = new Map(
  Object.entries(namesOfKeys).flatMap(([key, names]) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the object
    names.map((name): [string, Key] => [name, key as Key]),
  ),
);
const knownNames = new Set([...keyOfName.keys(), ...otherKeys]);

/** Where a string may begin: with the text, or after the quote that a file of settings has around it. */
const beginnings = /(?:^|["'`])\s*([a-z][a-z ]{1,24}?)\s*=/gi;
const invisible = /[\u200B\u200E\u200F\u2060\uFEFF]/g;
const longest = 32_768;

/**
 * Reads a connection string, `AuthType=ClientSecret;Url=https://…;ClientId=…;ClientSecret=…`: keys under any of their
 * names, in any case and order, values quoted or not, on one line or many, with or without the quotes around the whole.
 *
 * @returns null for a text that is none
 */
export function parseConnectionString(input: string): ConnectionString | null {
  if (input.length > longest) return null;
  const whole = takeOut(input.replace(invisible, ''));
  if (whole === null) return null;
  const values = readPairs(whole);
  if (values.get('url') === undefined && values.get('authType') === undefined) return null;
  return {
    url: values.get('url') ?? null,
    authType: values.get('authType')?.toLowerCase().replaceAll(/\s/g, '') ?? null,
    clientId: values.get('clientId') ?? null,
    clientSecret: values.get('clientSecret') ?? null,
    tenant: values.get('tenant') ?? tenantOf(values.get('authority')),
    hasUser: values.has('user'),
    hasCertificate: values.has('certificate'),
  };
}

const leftOut = 'left out';

/** The same as a connection string without secrets, names of people and thumbprints: it says only that they were there. */
export function withoutSecrets(read: ConnectionString): string {
  const pairs = {
    AuthType: read.authType,
    Url: read.url,
    ClientId: read.clientId,
    TenantId: read.tenant,
    UserName: read.hasUser ? leftOut : null,
    Thumbprint: read.hasCertificate ? leftOut : null,
  };
  return Object.entries(pairs)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}="${value.replaceAll('"', '""')}"`]))
    .join(';');
}

/** Takes the string out of what stands around it; null when no known key begins one. */
function takeOut(text: string): string | null {
  for (const beginning of text.matchAll(beginnings)) {
    const [matched, name = ''] = beginning;
    if (!knownNames.has(plainName(name))) continue;
    const quote = /^["'`]/.exec(matched)?.[0];
    if (quote === undefined) return text;
    const inside = text.slice(beginning.index + 1);
    const end = inside.lastIndexOf(quote);
    return end < 0 ? inside : inside.slice(0, end);
  }
  return null;
}

/** One pair: a key, and a value in quotes (doubled ones are part of it) or up to the semicolon or the line's end. */
const pair = /([^=;\r\n]*)=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;\r\n]*))[^;\r\n]*(?:[;\r\n]|$)/y;
const pairEnd = /[;\r\n]/g;

function readPairs(text: string): Map<Key, string> {
  const values = new Map<Key, string>();
  pair.lastIndex = 0;
  while (pair.lastIndex < text.length) {
    const start = pair.lastIndex;
    const found = pair.exec(text);
    if (!found) {
      // An empty pair, or a word without a value.
      pairEnd.lastIndex = start;
      if (!pairEnd.test(text)) break;
      pair.lastIndex = pairEnd.lastIndex;
      continue;
    }
    const [, name = '', double, single, plain = ''] = found;
    const value = (double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? plain).trim();
    const key = keyOfName.get(plainName(name));
    // As in .NET, the last of several counts.
    if (key !== undefined && value !== '') values.set(key, value);
  }
  return values;
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/\s/g, '');
}

/** `https://login.microsoftonline.com/contoso.onmicrosoft.com/…`: the first segment, unless it names no directory. */
function tenantOf(authority: string | undefined): string | null {
  const segment = URL.parse(authority ?? '')?.pathname.split('/')[1];
  return segment && !/^(?:common|organizations|consumers)$/i.test(segment) ? segment : null;
}
