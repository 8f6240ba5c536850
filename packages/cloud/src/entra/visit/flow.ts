import { isFlag, isText, listOf, objectOf, oneOf, optional } from '../../ground/read-row.ts';
import { type EndpointVersion, isEndpointVersion } from '../errors/present-error.ts';

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

const flowState = {
  tenant: isText,
  userId: optional(isText),
  needsPassword: optional(isFlag),
  hasJustSignedIn: optional(isFlag),
  consented: optional(isFlag),
  approvalReason: optional(isText),
};
const isAuthorizeFlow = objectOf<AuthorizeFlow>({
  ...flowState,
  kind: oneOf('authorize'),
  version: isEndpointVersion,
  parameters: listOf(isParameter),
});
const isDeviceFlow = objectOf<DeviceFlow>({
  ...flowState,
  kind: oneOf('device'),
  userCode: isText,
  confirmed: optional(isFlag),
});
const isAdminConsentFlow = objectOf<AdminConsentFlow>({
  ...flowState,
  kind: oneOf('admin_consent'),
  version: isEndpointVersion,
  parameters: listOf(isParameter),
});

/** Whether a value that a page brought back is a flow. */
export function isFlow(value: unknown): value is Flow {
  return isAuthorizeFlow(value) || isDeviceFlow(value) || isAdminConsentFlow(value);
}

function isParameter(value: unknown): value is [name: string, value: string] {
  return Array.isArray(value) && value.length === 2 && value.every(isText);
}
