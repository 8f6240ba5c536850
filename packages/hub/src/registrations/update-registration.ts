import type { UpdateRegistration } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import { by, type NewEvent } from '../events/record-event.ts';
import { readDate } from '../ground/outside-values.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { readClientCertificate } from '../token-endpoint/client-certificate.ts';
import { changeAndWatch, type RegistrationChange } from './change-registration.ts';
import { findRegistration } from './find-registration.ts';
import { type EntraRename, renameByItself } from './rename-in-entra.ts';
import { type GivenCredential, proveGiven, replaceCredential } from './secrets/replace-credential.ts';

/**
 * Changes what a registration is called, its client secret or certificate, and when that is rotated; what is left out stays.
 *
 * @param caller by what the timeline knows who changes it
 * @throws HubError `registration_not_found`, `registration_busy`; `registration_state_conflict` for the name of one that is
 *   being made or undone; `invalid_body` for a certificate that can't be used, or beside a secret; what `proveGiven` throws,
 *   and then nothing changes
 */
export async function updateRegistration(
  context: ProviderContext,
  id: string,
  input: UpdateRegistration,
  caller: string | null,
): Promise<RegistrationRow> {
  const { name, clientSecretEndsAt, rotation } = input;
  const given = readGiven(input);
  const row = await findRegistration(context, id);
  // While it is being made, its application is found by its name.
  if (name !== undefined && row.kind === 'created' && row.state !== 'ready') {
    throw new HubError('registration_state_conflict');
  }
  const proven = given && (await proveGiven(context, row, given));
  const isRenamed = name !== undefined && name !== row.name;
  const rename = isRenamed ? await renameByItself(context, row, name) : null;
  const isEndCorrected =
    given === null && clientSecretEndsAt !== undefined && row.sealed_client_secret !== null;
  const change: RegistrationChange = {
    ...(name !== undefined && { name }),
    ...(name !== undefined && rename?.isRenamed && { entra_name: name }),
    ...(rotation?.policy !== undefined && { rotation_policy: rotation.policy }),
    ...(rotation?.daysBeforeEnd !== undefined && { rotation_days_before_end: rotation.daysBeforeEnd }),
    ...(rotation?.graceHours !== undefined && { rotation_grace_hours: rotation.graceHours }),
    ...(isEndCorrected && { client_secret_ends_at: readDate(clientSecretEndsAt) }),
  };
  const events = eventsOfUpdate(row, change, rename, caller);
  return proven
    ? replaceCredential(context, row, proven, { change, events }, caller)
    : changeAndWatch(context, row, change, events);
}

function readGiven({
  clientSecret,
  clientSecretEndsAt,
  clientCertificate,
}: UpdateRegistration): GivenCredential | null {
  if (clientCertificate === undefined) {
    if (clientSecret === undefined) return null;
    return { kind: 'secret', clientSecret, endsAt: readDate(clientSecretEndsAt) };
  }
  if (clientSecret !== undefined || clientSecretEndsAt !== undefined) {
    const path = clientSecret === undefined ? 'clientSecretEndsAt' : 'clientSecret';
    const message = 'A certificate says its end itself, and is given in place of a secret: leave this out.';
    throw new HubError('invalid_body', { fields: [{ path, message }] });
  }
  return { kind: 'certificate', ...readClientCertificate(clientCertificate) };
}

/** @returns what is told of a change besides another credential, which has an event of its own */
function eventsOfUpdate(
  row: RegistrationRow,
  change: RegistrationChange,
  rename: EntraRename | null,
  caller: string | null,
): NewEvent[] {
  const settings = settingNames.filter(
    ([column]) => change[column] !== undefined && change[column] !== row[column],
  );
  const where = rename?.isRenamed ? 'in Microsoft Entra ID, too' : 'in the hub alone';
  const sentences = [
    ...(rename ? [`Renamed from “${row.name}” to “${change.name}”, ${where}.`] : []),
    ...(settings.length > 0 ? [`Changed: ${settings.map(([, name]) => name).join(', ')}.`] : []),
  ];
  if (sentences.length === 0) return [];
  return [
    {
      subject: { kind: 'registration', id: row.id },
      kind: 'changed',
      summary: sentences.join(' '),
      facts: by(caller),
      ...(rename && !rename.isRenamed && { failure: rename.failure }),
    },
  ];
}

/** What the settings are called in sentences. */
const settingNames = [
  ['client_secret_ends_at', 'the end of the secret'],
  ['rotation_policy', 'who rotates'],
  ['rotation_days_before_end', 'days before the end'],
  ['rotation_grace_hours', 'hours of grace'],
] as const;
