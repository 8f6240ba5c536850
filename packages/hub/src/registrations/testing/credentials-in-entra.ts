import { X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Registration, RegistrationCredential } from '@latchkey/api';
import { makeClientCertificate } from '../../token-endpoint/make-client-certificate.ts';
import { createRegistrationHub, type RegistrationHub } from './create-registration-hub.ts';
import { keepUpNow } from './keep-up-until.ts';

/** Who the platform says that the hub is. */
export const platformIdentity = {
  issuer: 'https://platform.example.com',
  subject: 'system:serviceaccount:latchkey:hub',
  audience: 'api://AzureADTokenExchange',
};

/** A hub on a platform that gives it a token of its own, by a file. */
export function createPlatformHub(
  options: Parameters<typeof createRegistrationHub>[0] = {},
): Promise<RegistrationHub & { file: string }> {
  const beside = options.beside?.context.config.workloadIdentity;
  const file =
    beside?.kind === 'file'
      ? beside.file
      : path.join(mkdtempSync(path.join(tmpdir(), 'latchkey-id-')), 'token');
  putPlatformToken(file);
  return createRegistrationHub({ ...options, config: { workloadIdentity: { kind: 'file', file } } }).then(
    (hub) => Object.assign(hub, { file }),
  );
}

/** As the platform does: another token in the place of the one before. */
export function putPlatformToken(file: string, change: Partial<typeof platformIdentity> = {}): void {
  const { issuer, subject, audience } = { ...platformIdentity, ...change };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  writeFileSync(file, `${part({ alg: 'RS256' })}.${part({ iss: issuer, sub: subject, aud: audience })}.c2ln`);
}

/** A registration that the hub has made, and that may change itself. */
export async function makeRotating(
  hub: RegistrationHub,
  credential: RegistrationCredential,
): Promise<Registration> {
  const made = await hub.signIn((await hub.begin({ credential })).id);
  const application = applicationOf(hub);
  application.roles = ['Application.ReadWrite.OwnedBy'];
  await keepUpNow(hub, made.id);
  return hub.show(made.id);
}

export function applicationOf(hub: RegistrationHub) {
  const application = hub.microsoft.directory.applications.at(-1);
  if (!application) throw new Error('There is no application.');
  return application;
}

interface KeyCredential {
  keyId: string;
  displayName: string;
}

/** @returns the ids of what the application has, of each kind */
export function inEntra(hub: RegistrationHub): Record<RegistrationCredential, string[]> {
  const application = applicationOf(hub);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was put there
  const keys = (application.keyCredentials ?? []) as KeyCredential[];
  return {
    secret: application.passwordCredentials.map(({ keyId }) => keyId),
    certificate: keys.map(({ keyId }) => keyId),
    federated: (application.federated ?? []).map(({ id }) => id),
  };
}

/** @returns how many of each kind the application has */
export function countInEntra(hub: RegistrationHub): string {
  const { secret, certificate, federated } = inEntra(hub);
  return `${secret.length} secret, ${certificate.length} certificate, ${federated.length} federated`;
}

/** @returns the same for an application with one credential and no other */
export function only(kind: RegistrationCredential): string {
  return ['secret', 'certificate', 'federated'].map((one) => `${one === kind ? 1 : 0} ${one}`).join(', ');
}

/** A person makes a secret, or certificate, in the portal. @returns what they put into the hub */
export async function makeByHand(
  hub: RegistrationHub,
  kind: 'secret' | 'certificate',
): Promise<{ clientSecret: string } | { clientCertificate: string }> {
  const application = applicationOf(hub);
  if (kind === 'secret') {
    const keyId = `by-hand-${application.passwordCredentials.length}`;
    const secretText = `By~Hand~${keyId}`;
    const secret = { keyId, displayName: 'by hand', secretText, endDateTime: '2031-01-01T00:00:00Z' };
    application.passwordCredentials.push(secret);
    return { clientSecret: secretText };
  }
  const { privateKey, certificate } = await makeClientCertificate('by hand', hub.clock.now(), 365);
  const read = new X509Certificate(certificate);
  const key = {
    keyId: 'key-by-hand',
    displayName: 'CN=by hand',
    customKeyIdentifier: read.fingerprint.replaceAll(':', ''),
    key: read.raw.toString('base64'),
    endDateTime: read.validToDate.toISOString(),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was put there
  application.keyCredentials = [...((application.keyCredentials ?? []) as object[]), key];
  return { clientCertificate: `${privateKey}${certificate}` };
}
