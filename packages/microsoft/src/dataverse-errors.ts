import { codesByName } from './codes-by-name.ts';
import { accessErrors } from './dataverse/access-errors.ts';
import type { DataverseErrorEntry } from './dataverse/dataverse-error-entry.ts';
import { requestErrors } from './dataverse/request-errors.ts';

/**
 * Every Dataverse error code the product knows, under its name: Microsoft's symbolic name, or what the sentence says
 * where that is missing.
 *
 * Source: "Compose HTTP requests and handle errors", "Web service error codes", "Service protection API limits".
 */
const entriesByName = { ...accessErrors, ...requestErrors };

/** The Dataverse error codes by name: `dataverseErrors.objectDoesNotExist` is `0x80040217`. */
export const dataverseErrors = codesByName(entriesByName);

/** Every entry of the table, in no order that means anything. */
export const dataverseErrorEntries: readonly DataverseErrorEntry[] = Object.values(entriesByName);

const entriesByCode: ReadonlyMap<string, DataverseErrorEntry> = new Map(
  dataverseErrorEntries.map((entry) => [entry.code, entry]),
);

const hexadecimalDigits = 8;

/**
 * Brings a code to lower-case hexadecimal (`0x80072560`). The Web API writes hexadecimal in either case; the .NET
 * client and some answers write the same 32 bits as a decimal number, signed or not. Anything else gives ''.
 */
export function normaliseDataverseCode(code: string): string {
  const text = code.trim();
  if (/^0x[0-9a-f]{1,8}$/i.test(text))
    return `0x${text.slice(2).toLowerCase().padStart(hexadecimalDigits, '0')}`;
  if (!/^-?\d{1,10}$/.test(text)) return '';
  return `0x${(Number(text) >>> 0).toString(16).padStart(hexadecimalDigits, '0')}`;
}

/** The entry of a Dataverse code, given in hexadecimal of either case or in decimal, or undefined when it is not known. */
export function lookUpDataverseError(code: string): DataverseErrorEntry | undefined {
  return entriesByCode.get(normaliseDataverseCode(code));
}
