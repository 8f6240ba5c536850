import { findName } from './find-name.ts';
import type { GraphResource } from './graph-operation.ts';
import type { Property, PropertyTable } from './property-table.ts';
import {
  readDateTime,
  readFlag,
  readGuid,
  readList,
  readOneOf,
  readRecord,
  readText,
  readTextOrNull,
} from './read-body.ts';
import { requireConstant } from './without-constants.ts';

/** What most texts of directory objects are held to where the reference names no length. */
const usualLength = 1024;

/** Set by the service alone. */
export function readOnly(empty: unknown = null): Property {
  return { empty };
}

/** Set by clients of the real service; this one keeps it empty and takes it when it is (501 for any other value). */
export function keptEmpty(empty: unknown): Property {
  return {
    empty,
    read(value, property) {
      requireConstant(property, value, empty);
      return empty;
    },
  };
}

/** Text of at most so many characters; empty text is none. */
export function text(maximum = usualLength): Property {
  return { empty: null, read: (value, property) => readTextOrNull(value, property, maximum) };
}

/** Text that must not be empty. */
export function requiredText(maximum = usualLength): Property {
  return { empty: null, read: (value, property) => readText(value, property, maximum) };
}

/** A list of texts, each of at most so many characters. */
export function texts({ maximum = usualLength, most = Number.POSITIVE_INFINITY } = {}): Property {
  return {
    empty: [],
    read: (value, property) => readList(value, property, (item) => readText(item, property, maximum), most),
  };
}

export function flag(empty: boolean): Property {
  return { empty, read: readFlag };
}

export function flagOrNull(): Property {
  return orNull({ empty: null, read: readFlag });
}

/** One of these words, in any case, or none. */
export function choice(...options: readonly string[]): Property {
  return orNull({
    empty: null,
    read: (value, property) =>
      readOneOf(typeof value === 'string' ? findName(options, value) : value, property, options),
  });
}

/** A date and time; kept as text in UTC. */
export function moment(): Property {
  return orNull({
    empty: null,
    read: (value, property) => new Date(readDateTime(value, property)).toISOString(),
  });
}

export function guidOrNull(): Property {
  return orNull({ empty: null, read: readGuid });
}

/** A value of several parts. It is null while nothing is set, unless `empty` says otherwise. */
export function complex(parts: PropertyTable, empty: GraphResource | null = null): Property {
  return orNull({
    empty,
    parts,
    read: (value, property) =>
      Object.fromEntries(
        Object.entries(readRecord(value, property, Object.keys(parts))).map(([name, part]) => [
          name,
          parts[name]?.read?.(part, `${property}.${name}`),
        ]),
      ),
  });
}

function orNull(kind: Property): Property {
  return {
    ...kind,
    read: (value, property) => (value === null ? kind.empty : kind.read?.(value, property)),
  };
}
