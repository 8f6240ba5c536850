import type { EndpointVersion } from '../errors/present-error.ts';
import {
  listField,
  numberField,
  optionalFlagField,
  optionalTextField,
  type StoredFields,
  textField,
  wordField,
} from '../stored/stored-fields.ts';

/** A sign-in under way, as the pages carry it from step to step. */
export type Flow = AuthorizeFlow | DeviceFlow | AdminConsentFlow;

interface FlowState {
  /** The first segment of the address that it began at. */
  tenant: string;
  /** Set once somebody signed in: a page shown to one person is not answered by another. */
  userId?: string | undefined;
  /** `prompt=login`: nobody goes on by being signed in already. */
  needsPassword?: boolean | undefined;
  /** The password was given a moment ago, so that "Stay signed in?" is still to be asked. */
  hasJustSignedIn?: boolean | undefined;
  /** The consent page was accepted, so that `prompt=consent` doesn't show it again. */
  consented?: boolean | undefined;
  /** What the form of "Approval required" was sent with, for the step that takes it. */
  approvalReason?: string | undefined;
}

/** Begun at an authorize endpoint; the parameters are checked anew at every step. */
export interface AuthorizeFlow extends FlowState {
  kind: 'authorize';
  version: EndpointVersion;
  parameters: [name: string, value: string][];
}

/** Begun with a code that a device shows. */
export interface DeviceFlow extends FlowState {
  kind: 'device';
  userCode: string;
  /** The person said that the device's sign-in is theirs (AADSTS50199). */
  confirmed?: boolean | undefined;
}

/** Begun at an adminconsent endpoint. */
export interface AdminConsentFlow extends FlowState {
  kind: 'admin_consent';
  version: EndpointVersion;
  parameters: [name: string, value: string][];
}

/** Reads a flow that a page brought back, as `JSON.stringify` wrote it. */
export function readFlow(fields: StoredFields): Flow {
  const state = readFlowState(fields);
  const kind = wordField(fields, 'kind', ['authorize', 'device', 'admin_consent']);
  if (kind === 'device') {
    return {
      ...state,
      kind,
      userCode: textField(fields, 'userCode'),
      confirmed: optionalFlagField(fields, 'confirmed'),
    };
  }
  return {
    ...state,
    kind,
    version: numberField(fields, 'version') === 1 ? 1 : 2,
    parameters: listField(fields, 'parameters').map(readParameter),
  };
}

function readFlowState(fields: StoredFields): FlowState {
  return {
    tenant: textField(fields, 'tenant'),
    userId: optionalTextField(fields, 'userId'),
    needsPassword: optionalFlagField(fields, 'needsPassword'),
    hasJustSignedIn: optionalFlagField(fields, 'hasJustSignedIn'),
    consented: optionalFlagField(fields, 'consented'),
    approvalReason: optionalTextField(fields, 'approvalReason'),
  };
}

function readParameter(pair: unknown): [name: string, value: string] {
  const texts: readonly unknown[] = Array.isArray(pair) ? pair : [];
  const [name, value] = texts;
  if (typeof name === 'string' && typeof value === 'string') return [name, value];
  throw new Error('A page brought back a flow whose parameters are no pairs of texts.');
}
