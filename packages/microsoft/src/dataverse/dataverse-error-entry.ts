import type { WhoActs } from '../aadsts/aadsts-entry.ts';

/** One error code of the Dataverse Web API, and what it means to the people concerned. */
export interface DataverseErrorEntry {
  /** Lower-case hexadecimal: `0x80072560`. */
  readonly code: string;
  /** Microsoft's symbolic name. */
  readonly name: string;
  readonly httpStatus: number;
  /** The sentence as the server says it. `{name}` marks what it fills in. */
  readonly message: string;
  /** Why it happens, in plain words. */
  readonly cause: string;
  readonly whoActs: WhoActs;
  /** What that person does. */
  readonly remedy: string;
  /** `transient`: the same request can succeed later, nothing needs changing. */
  readonly nature: 'transient' | 'terminal';
}

/** Dataverse error codes by the names under which code answers and compares them. */
export type DataverseErrors = Readonly<Record<string, DataverseErrorEntry>>;
