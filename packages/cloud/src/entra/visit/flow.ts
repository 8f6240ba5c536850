import type { EndpointVersion } from '../errors/describe-error.ts';

/** A sign-in under way, as the pages carry it from step to step. */
export type Flow = AuthorizeFlow | DeviceFlow | AdminConsentFlow;

interface FlowState {
  /** The first segment of the address that it began at. */
  tenant: string;
  /** Set once somebody signed in: a page shown to one person is not answered by another. */
  userId?: string;
  /** `prompt=login`: nobody goes on by being signed in already. */
  needsPassword?: boolean;
  /** The password was given a moment ago, so that "Stay signed in?" is still to be asked. */
  hasJustSignedIn?: boolean;
  /** The consent page was accepted, so that `prompt=consent` doesn't show it again. */
  consented?: boolean;
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
  confirmed?: boolean;
}

/** Begun at an adminconsent endpoint. */
export interface AdminConsentFlow extends FlowState {
  kind: 'admin_consent';
  version: EndpointVersion;
  parameters: [name: string, value: string][];
}
