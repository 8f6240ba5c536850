import { ConfigError } from './config-error.ts';

/** The key of a service that wraps the keys of the key file. */
export type WrappingKeyConfig =
  | {
      service: 'azure_key_vault';
      /** As it was written, without a slash at the end. */
      address: string;
      /** The origin of the vault. */
      vault: string;
      name: string;
      /** Null for the one that is current. */
      version: string | null;
    }
  | {
      service: 'aws_kms';
      address: string;
      /** Partition, region and account of its ARN; null for an alias alone, which leaves them to AWS's own settings. */
      place: { partition: string; region: string; account: string } | null;
      /** `key/…` or `alias/…`. */
      id: string;
      /** The variables of the proxy: the vendor's client does not read them by itself. They may carry a password. */
      proxy: Readonly<Record<string, string>>;
    };

const variable = 'LATCHKEY_WRAPPING_KEY';
const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];

/**
 * Reads which key of Azure Key Vault or AWS KMS wraps the keys of the key file.
 *
 * @param read gives a variable's text, null where it is not set
 * @returns null for none: the file has its keys bare
 * @throws ConfigError for what is no address of a key, or where the keys are not in a file
 */
export function readWrappingKey(read: (variable: string) => string | null): WrappingKeyConfig | null {
  const text = read(variable);
  if (text === null) return null;
  if (read('LATCHKEY_KEYS') !== null) {
    throw new ConfigError(variable, {
      problem: 'wraps the keys of the key file, and LATCHKEY_KEYS gives others in its place',
      remedy: 'Leave one of the two out.',
    });
  }
  const key = parseWrappingKey(text, read);
  if (key) return key;
  throw new ConfigError(variable, {
    problem: 'is no address of a key',
    remedy:
      'Write the address of a key in Azure Key Vault (https://NAME.vault.azure.net/keys/KEY) or of one in AWS KMS (arn:aws:kms:REGION:ACCOUNT:key/ID, arn:aws:kms:REGION:ACCOUNT:alias/NAME or alias/NAME).',
  });
}

/**
 * @param read gives the variables of the proxy; none by default
 * @returns null for what is no address of a key
 */
export function parseWrappingKey(
  text: string,
  read: (variable: string) => string | null = () => null,
): WrappingKeyConfig | null {
  return parseKeyVaultKey(text) ?? parseKmsKey(text, read);
}

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers */
function parseKeyVaultKey(text: string): WrappingKeyConfig | null {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return null;
  if (url.search !== '' || url.hash !== '') return null;
  const [, name, version] = /^\/keys\/([\dA-Za-z-]{1,127})(?:\/([\da-f]{32}))?\/?$/.exec(url.pathname) ?? [];
  if (name === undefined) return null;
  return {
    service: 'azure_key_vault',
    address: `${url.origin}/keys/${name}${version === undefined ? '' : `/${version}`}`,
    vault: url.origin,
    name,
    version: version ?? null,
  };
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id */
function parseKmsKey(text: string, read: (variable: string) => string | null): WrappingKeyConfig | null {
  const [, arn, partition = '', region = '', account = '', id] =
    /^(arn:(aws[a-z-]*):kms:([a-z\d-]+):(\d{12}):)?((?:key\/[\dA-Za-z-]{1,128})|(?:alias\/[\w/-]{1,250}))$/.exec(
      text,
    ) ?? [];
  if (id === undefined || (arn === undefined && !id.startsWith('alias/'))) return null;
  const proxy = proxyVariables.flatMap((name): [string, string][] => {
    const value = read(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    service: 'aws_kms',
    address: text,
    place: arn === undefined ? null : { partition, region, account },
    id,
    proxy: Object.fromEntries(proxy),
  };
}

/**
 * Whether a key may be asked to unwrap what was wrapped by another address: an older or newer version of itself, the key
 * behind an alias, or a replica of the same multi-Region key. Nobody else is asked, whatever the key file says: who may
 * write to it would have the hub send its token where they like.
 */
export function mayUnwrap(key: WrappingKeyConfig, wrappedBy: string): boolean {
  const other = parseWrappingKey(wrappedBy);
  if (other?.service === 'azure_key_vault' && key.service === 'azure_key_vault') {
    return other.vault === key.vault && other.name === key.name;
  }
  if (other?.service !== 'aws_kms' || key.service !== 'aws_kms') return false;
  if (key.place === null) return true;
  const isOfSameAccount =
    other.place?.account === key.place.account && other.place.partition === key.place.partition;
  const isOfSameRegion = other.place?.region === key.place.region;
  if (key.id.startsWith('alias/')) return isOfSameAccount && isOfSameRegion;
  return isOfSameAccount && other.id === key.id && (isOfSameRegion || key.id.startsWith('key/mrk-'));
}
