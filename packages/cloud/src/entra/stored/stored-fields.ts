/** A JSON object that this cloud wrote itself, to be read field by field. */
export type StoredFields = Readonly<Record<string, unknown>>;

/** @throws Error when the text is no JSON object, as in every function here: then the data folder is damaged */
export function parseStored(text: string): StoredFields {
  const value: unknown = JSON.parse(text);
  return isFields(value) ? value : fail('the whole', 'an object');
}

export function textField(fields: StoredFields, name: string): string {
  return optionalTextField(fields, name) ?? fail(name, 'a text');
}

export function optionalTextField(fields: StoredFields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || typeof value === 'string' ? value : fail(name, 'a text');
}

/** A text, or null where there is none. */
export function nullableTextField(fields: StoredFields, name: string): string | null {
  return fields[name] === null ? null : textField(fields, name);
}

export function numberField(fields: StoredFields, name: string): number {
  const value = fields[name];
  return typeof value === 'number' ? value : fail(name, 'a number');
}

/** False where the field is left out. */
export function flagField(fields: StoredFields, name: string): boolean {
  return optionalFlagField(fields, name) ?? false;
}

export function optionalFlagField(fields: StoredFields, name: string): boolean | undefined {
  const value = fields[name];
  return value === undefined || typeof value === 'boolean' ? value : fail(name, 'true or false');
}

/** One of a few words. */
export function wordField<Word extends string>(
  fields: StoredFields,
  name: string,
  words: readonly Word[],
): Word {
  const value = fields[name];
  return words.find((word) => word === value) ?? fail(name, words.join(' or '));
}

export function listField(fields: StoredFields, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : fail(name, 'a list');
}

export function textsField(fields: StoredFields, name: string): string[] {
  return listField(fields, name).map((item) => (typeof item === 'string' ? item : fail(name, 'texts')));
}

/** An object within; undefined where the field is left out. */
export function optionalObjectField(fields: StoredFields, name: string): StoredFields | undefined {
  const value = fields[name];
  return value === undefined || isFields(value) ? value : fail(name, 'an object');
}

export function objectField(fields: StoredFields, name: string): StoredFields {
  return optionalObjectField(fields, name) ?? fail(name, 'an object');
}

function isFields(value: unknown): value is StoredFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(name: string, expected: string): never {
  throw new Error(`The directory holds JSON in which ${name} is not ${expected}.`);
}
