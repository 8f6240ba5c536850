import type { CreateConnection, SignInMethod } from '@latchkey/client';
import type { FieldErrors } from '../failures/field-errors.ts';

/** Which app signs in: one that the hub registered, one yet to be registered, or one made elsewhere. */
type AppChoice = 'registration' | 'new_registration' | 'own_app';

/** The form for a new connection, as typed. Field names are those of the API, so that its errors find them. */
export interface ConnectionDraft {
  environmentUrl: string;
  method: SignInMethod;
  app: AppChoice;
  registrationId: string;
  clientId: string;
  clientSecret: string;
  /** What an app made elsewhere proves itself by. */
  ownCredential: 'secret' | 'certificate';
  clientCertificate: string;
  accessToken: string;
  refreshToken: string;
  tokenUrl: string;
  endpointVersion: 'v1' | 'v2';
  tenantId: string;
  /** What a number field holds: a number, or the text that is none yet. */
  requestTimeoutSeconds: number | string;
  name: string;
  description: string;
}

export const emptyConnection: ConnectionDraft = {
  environmentUrl: '',
  method: 'sign_in',
  app: 'registration',
  registrationId: '',
  clientId: '',
  clientSecret: '',
  ownCredential: 'secret',
  clientCertificate: '',
  accessToken: '',
  refreshToken: '',
  tokenUrl: '',
  endpointVersion: 'v2',
  tenantId: '',
  requestTimeoutSeconds: 20,
  name: 'Microsoft Dynamics 365 CRM',
  description: '',
};

export const requestTimeoutRange = { min: 1, max: 120 } as const;

/** The fields that stand under "Advanced", so that an error in one of them opens it. */
export const advancedFields = [
  'endpointVersion',
  'tenantId',
  'requestTimeoutSeconds',
  'name',
  'description',
] as const;

/** What must change before the draft can be sent. */
export function checkConnection(draft: ConnectionDraft): FieldErrors {
  const errors: FieldErrors = {};
  const need = (field: keyof ConnectionDraft, message: string) => {
    if (String(draft[field]).trim() === '') errors[field] = message;
  };
  need('environmentUrl', 'Paste the address of the environment.');
  need('name', 'Give the connection a name.');
  if (draft.method !== 'manual' && draft.app === 'registration') {
    need('registrationId', 'Choose a registration.');
  } else {
    need('clientId', 'Enter the application (client) id.');
  }
  if (draft.method === 'client_credentials' && draft.app === 'own_app') {
    if (draft.ownCredential === 'certificate') {
      need(
        'clientCertificate',
        'Paste the certificate with its key: without it the app can’t prove who it is.',
      );
    } else {
      need('clientSecret', 'Enter the client secret: without it the app can’t prove who it is.');
    }
  }
  if (draft.method === 'manual' && draft.accessToken.trim() === '') {
    need('refreshToken', 'Enter a refresh token, an access token, or both.');
  }
  const timeoutError = checkRequestTimeout(draft.requestTimeoutSeconds);
  if (timeoutError !== null) errors.requestTimeoutSeconds = timeoutError;
  return errors;
}

/** What is wrong with a request timeout as typed, or null. */
export function checkRequestTimeout(seconds: number | string): string | null {
  const { min, max } = requestTimeoutRange;
  const valid = typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= min && seconds <= max;
  return valid ? null : `Enter whole seconds, from ${min} to ${max}.`;
}

/** The body to send for a draft that passed its check; fields of the methods not chosen stay behind. */
export function toCreateConnection(draft: ConnectionDraft): CreateConnection {
  const common = {
    environmentUrl: draft.environmentUrl.trim(),
    name: draft.name.trim(),
    requestTimeoutSeconds: Number(draft.requestTimeoutSeconds),
    ...filled({ description: draft.description, tenantId: draft.tenantId }),
  };
  const { clientId, accessToken, refreshToken, tokenUrl, registrationId } = draft;
  const app =
    draft.app === 'registration'
      ? { registrationId }
      : { clientId: clientId.trim(), ...filled(ownCredential(draft)) };
  if (draft.method === 'manual') {
    const tokens = filled({ ...ownCredential(draft), accessToken, refreshToken, tokenUrl });
    return { ...common, method: 'manual', clientId: clientId.trim(), ...tokens };
  }
  if (draft.method === 'client_credentials') return { ...common, method: 'client_credentials', ...app };
  return { ...common, method: 'sign_in', endpointVersion: draft.endpointVersion, ...app };
}

/** The one of the two that was chosen; what was typed for the other stays behind. */
function ownCredential(draft: ConnectionDraft): { clientSecret: string; clientCertificate: string } {
  return draft.ownCredential === 'certificate'
    ? { clientSecret: '', clientCertificate: draft.clientCertificate }
    : { clientSecret: draft.clientSecret, clientCertificate: '' };
}

/** Only the fields that hold something, trimmed: an empty field means "left out" to the API. */
function filled<Field extends string>(fields: Record<Field, string>): Partial<Record<Field, string>> {
  const kept: Partial<Record<Field, string>> = {};
  for (const field in fields) {
    const value = fields[field].trim();
    if (value !== '') kept[field] = value;
  }
  return kept;
}
