import { X509Certificate } from 'node:crypto';
import type { Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientCertificate } from '../../token-endpoint/client-certificate.ts';
import { makeClientCertificate } from '../../token-endpoint/make-client-certificate.ts';
import { createRegistrationHub, type RegistrationHub } from '../testing/create-registration-hub.ts';
import { entraError } from '../testing/scripted-entra.ts';
import { graphError } from '../testing/scripted-graph.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

interface KeyCredential {
  keyId: string;
  displayName: string;
  key: string;
  endDateTime: string;
}

/** What the application in Entra ID has. */
function keysOfApplication(): KeyCredential[] {
  const [application] = hub.microsoft.directory.applications;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the hub has put there
  return (application?.keyCredentials ?? []) as KeyCredential[];
}

async function register(body: object = {}): Promise<Registration> {
  const { id } = await hub.begin({ credential: 'certificate', ...body });
  return hub.signIn(id);
}

async function download(id: string) {
  return hub.inject({ method: 'GET', url: `/api/v1/registrations/${id}/certificate` });
}

const states = ({ steps }: Registration) => Object.fromEntries(steps.map(({ name, state }) => [name, state]));

describe('a registration with a certificate', () => {
  it('is made without any secret: the key stays in the vault, the public part goes into the application', async () => {
    const registration = await register({ secretLifetimeDays: 90 });
    expect(registration).toMatchObject({ state: 'ready', credential: 'certificate', clientSecret: null });
    expect(states(registration)).toMatchObject({ client_certificate: 'done', proof: 'done' });
    expect(states(registration)).not.toHaveProperty('client_secret');
    expect(hub.microsoft.directory.applications[0]?.passwordCredentials).toEqual([]);

    const [key] = keysOfApplication();
    const certificate = new X509Certificate(Buffer.from(key?.key ?? '', 'base64'));
    expect(key).toMatchObject({
      displayName: `Latchkey ${registration.id}`,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      endDateTime: certificate.validToDate.toISOString(),
    });
    expect(registration.certificate).toEqual({
      keyId: key?.keyId,
      thumbprint: certificate.fingerprint.replaceAll(':', ''),
      endsAt: certificate.validToDate.toISOString(),
      daysLeft: 90,
      warning: 'none',
    });
  });

  it('hands out the public part alone', async () => {
    const { id } = await register();
    const answer = await download(id);
    expect(answer.headers['content-type']).toContain('application/x-pem-file');
    expect(answer.headers['content-disposition']).toContain('.pem"');
    expect(answer.body).not.toContain('PRIVATE');
    const [key] = keysOfApplication();
    expect(new X509Certificate(answer.body).raw.toString('base64')).toBe(key?.key);
    const row = await hub.context.store.db.selectFrom('registrations').selectAll().executeTakeFirstOrThrow();
    const everything = JSON.stringify([answer.body, row, hub.logLines, await hub.show(id)]);
    expect(everything).not.toMatch(/PRIVATE KEY/);
  });

  it('has no certificate to hand out where it has a secret', async () => {
    const { id } = await hub.begin();
    await hub.signIn(id);
    const answer = await download(id);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      404,
      'registration_has_no_certificate',
    ]);
  });

  it('keeps the certificates that somebody else put there, and replaces its own lost one', async () => {
    hub.microsoft.faults('PATCH /applications/{id}', null, { cutOff: true, takesEffect: true });
    hub.onWait = async () => {
      const [application] = hub.microsoft.directory.applications;
      const others = ['By hand', 'Latchkey 1'].map((displayName, index) => ({
        keyId: `other-${index}`,
        displayName,
        key: 'AAAA',
        custom: 'kept as it is',
      }));
      if (application) application.keyCredentials = [...others, ...keysOfApplication()];
    };
    const { state, certificate } = await register();
    expect(state).toBe('ready');
    expect(keysOfApplication()).toMatchObject([
      { keyId: 'other-0', key: 'AAAA', custom: 'kept as it is' },
      { keyId: 'other-1', key: 'AAAA', custom: 'kept as it is' },
      { keyId: certificate?.keyId },
    ]);
  });

  it('waits until the token endpoint has heard of it', async () => {
    hub.microsoft.entra.tokenAnswers.push(
      entraError(401, 'invalid_client', 700027),
      entraError(401, 'invalid_client', 700027),
    );
    const registration = await register();
    expect(registration.state).toBe('ready');
    expect(hub.waits).toEqual([5000, 10_000]);
  });

  it('tells in Microsoft’s words when the tenant does not take it (lesson 3)', async () => {
    const message = 'Credential lifetime exceeds the max value allowed as per assigned policy';
    hub.microsoft.faults('PATCH /applications/{id}', null, {
      answer: graphError(400, 'CredentialInvalidLifetimeAsPerAppPolicy', message),
    });
    const registration = await register();
    expect(registration).toMatchObject({
      state: 'failed',
      failure: { code: 'graph_refused', detail: message, whoActs: 'administrator' },
    });
    expect(states(registration).client_certificate).toBe('failed');
  });

  it('is undone with the application', async () => {
    const { id } = await register();
    await hub.call('POST', `/registrations/${id}/undo`);
    const undone = await hub.signIn(id);
    expect(undone).toMatchObject({ state: 'undone', credential: 'none', certificate: null });
    expect(states(undone).client_certificate).toBe('undone');
    const row = await hub.context.store.db.selectFrom('registrations').selectAll().executeTakeFirstOrThrow();
    expect(row.sealed_client_secret).toBeNull();
  });
});

describe('an application that somebody else maintains', () => {
  let application: Pick<Registration, 'clientId' | 'tenantId'>;

  beforeEach(async () => {
    const { id } = await hub.begin();
    const { clientId, tenantId } = await hub.signIn(id);
    application = { clientId, tenantId };
  });

  function adopt(body: object): Promise<Registration> {
    return hub.call('POST', '/registrations', { kind: 'adopted', name: 'Kept app', ...application, ...body });
  }

  function upload(pem: string): void {
    const [registered] = hub.microsoft.directory.applications;
    const key = new X509Certificate(pem).raw.toString('base64');
    if (registered) registered.keyCredentials = [...keysOfApplication(), { keyId: 'by-hand', key }];
  }

  it('is given a certificate to upload, and is ready once it was uploaded', async () => {
    const waiting = await adopt({ credential: 'certificate' });
    expect(waiting).toMatchObject({
      state: 'failed',
      credential: 'certificate',
      failure: { code: 'client_certificate_refused', remedy: expect.stringMatching(/^Download the cert/) },
    });
    expect(states(waiting)).toEqual({ tenant: 'done', client_certificate: 'done', proof: 'failed' });
    const { body } = await download(waiting.id);
    upload(body);
    await hub.call('POST', `/registrations/${waiting.id}/retry`);
    await hub.context.background.idle();
    expect(await hub.show(waiting.id)).toMatchObject({ state: 'ready', certificate: { keyId: null } });
    expect((await download(waiting.id)).body).toBe(body);
  });

  it('is adopted with a certificate that it has, pasted with its key', async () => {
    const own: ClientCertificate = await makeClientCertificate('By hand', hub.clock.now(), 30);
    const pasted = { clientCertificate: own.privateKey + own.certificate };
    expect((await adopt(pasted)).failure).toMatchObject({
      code: 'client_certificate_refused',
      remedy: expect.stringMatching(/^Upload the certificate/),
    });
    upload(own.certificate);
    expect(await adopt(pasted)).toMatchObject({
      state: 'ready',
      credential: 'certificate',
      certificate: { thumbprint: new X509Certificate(own.certificate).fingerprint.replaceAll(':', '') },
    });
  });

  it.each([{ credential: 'certificate' }, { clientCertificate: 'x' }])(
    'is not adopted with a secret besides %o',
    async (body) => {
      const refused = await adopt({ ...body, clientSecret: 'a secret' });
      expect(refused).toMatchObject({ code: 'invalid_body', errors: [{ path: 'clientSecret' }] });
    },
  );

  it('is not adopted with a text that is no certificate', async () => {
    const refused = await adopt({ clientCertificate: 'x' });
    expect(refused).toMatchObject({ code: 'invalid_body', errors: [{ path: 'clientCertificate' }] });
  });
});
