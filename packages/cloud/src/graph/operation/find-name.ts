/**
 * The name as the documents write it, for one that a client may write in any case ("Use query parameters": names of
 * resources and properties are not case-sensitive). Undefined when there is none such.
 */
export function findName(names: Iterable<string>, given: string): string | undefined {
  const wanted = given.toLowerCase();
  for (const name of names) if (name === given || name.toLowerCase() === wanted) return name;
  return undefined;
}

/** The value of an object's property, whose name may be written in any case. */
export function readProperty(value: unknown, given: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const name = Object.hasOwn(value, given) ? given : findName(Object.keys(value), given);
  return name === undefined ? undefined : Reflect.get(value, name);
}

/** A query's options, those of OData (`$…`) in lower case; other parameters stay as they are. */
export function readQueryOptions(query: string): URLSearchParams {
  const options = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(query)) {
    options.append(name.startsWith('$') ? name.toLowerCase() : name, value);
  }
  return options;
}
