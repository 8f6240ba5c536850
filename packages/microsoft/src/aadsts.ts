import type { AadstsEntry } from './aadsts/aadsts-entry.ts';
import { accountCodes } from './aadsts/account-codes.ts';
import { assertionCodes } from './aadsts/assertion-codes.ts';
import { clientCodes } from './aadsts/client-codes.ts';
import { consentCodes } from './aadsts/consent-codes.ts';
import { grantCodes } from './aadsts/grant-codes.ts';
import { policyCodes } from './aadsts/policy-codes.ts';
import { requestCodes } from './aadsts/request-codes.ts';
import { serviceCodes } from './aadsts/service-codes.ts';
import { codesByName } from './codes-by-name.ts';

/**
 * Every AADSTS code the product knows, under its name: OAuth's term for what happened, or Microsoft's own symbolic name
 * where that says it.
 *
 * Source: "Microsoft Entra authentication and authorization error codes". Microsoft changes numbers and texts, so the
 * table explains failures and decides nothing but whether a code is transient.
 */
const entriesByName = {
  ...clientCodes,
  ...assertionCodes,
  ...requestCodes,
  ...grantCodes,
  ...accountCodes,
  ...policyCodes,
  ...consentCodes,
  ...serviceCodes,
};

/** The AADSTS codes by name: `aadsts.unknownClient` is 700016. Throw and compare by these, not by bare numbers. */
export const aadsts = codesByName(entriesByName);

/** Every entry of the table, in no order that means anything. */
export const aadstsEntries: readonly AadstsEntry[] = Object.values(entriesByName);

const entriesByCode: ReadonlyMap<number, AadstsEntry> = new Map(
  aadstsEntries.map((entry) => [entry.code, entry]),
);

/** The entry of an AADSTS code, given as the bare number (`50173`), or undefined when the code is not known. */
export function lookUpAadsts(code: number): AadstsEntry | undefined {
  return entriesByCode.get(code);
}

/** Microsoft's own look-up page for an AADSTS code. It knows codes that the table doesn't. */
export function aadstsHelpLink(code: number): string {
  return `https://login.microsoftonline.com/error?code=${code}`;
}
