import { GraphError } from '../errors/graph-error.ts';
import { findName } from '../operation/find-name.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import type { Predicate } from './compile-filter.ts';

/** `"displayName:crm"`, the property and the words in one pair of quotes; quotes within are escaped. */
const clause = /^"(?<property>\w+):(?<words>(?:[^"\\]|\\.)*)"$/;
const alternatives = /\s+OR\s+(?=")/;
const conjunctions = /\s+AND\s+(?=")/;
/** Values of other properties are no prose: they are found by how they begin. */
const prose = ['displayName', 'description'];

/**
 * Makes a test from `$search` ("Use the $search query parameter", directory objects): every word must begin a word of
 * the property, where capitals, digits and signs divide words. `AND` binds tighter than `OR`.
 *
 * @returns null when nothing is searched
 * @throws GraphError 400 without the header `ConsistencyLevel: eventual`, or when the text can't be read
 */
export function compileSearch(call: GraphCall, type: ResourceType): Predicate | null {
  const source = call.query.get('$search');
  if (source === null) return null;
  if (!call.eventual) {
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  }
  const choices = source
    .trim()
    .split(alternatives)
    .map((choice) => choice.split(conjunctions).map((part) => compileClause(part.trim(), type)));
  return (resource) => choices.some((parts) => parts.every((part) => part(resource)));
}

function compileClause(source: string, type: ResourceType): Predicate {
  const { property: given, words } = source.match(clause)?.groups ?? {};
  if (given === undefined || words === undefined) {
    throw new GraphError(
      400,
      'BadRequest',
      `Syntax error in $search: '${source}'. Expected "property:words".`,
    );
  }
  const property = findName(type.searchable ?? [], given);
  if (property === undefined) {
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      `Unsupported or invalid search clause: property '${given}' of resource '${type.name}' can't be searched.`,
    );
  }
  const text = words.replaceAll(/\\(.)/g, '$1');
  if (!prose.includes(property)) {
    const beginning = text.toLowerCase();
    return ({ [property]: value }) => typeof value === 'string' && value.toLowerCase().startsWith(beginning);
  }
  const wanted = wholeWords(text);
  return ({ [property]: value }) => {
    const present = typeof value === 'string' ? wordsOf(value) : [];
    return wanted.every((word) => present.some((candidate) => candidate.startsWith(word)));
  };
}

function wholeWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** `OneVideo 365` has the words onevideo, one, video and 365. */
function wordsOf(text: string): string[] {
  const parts = text.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+/gu) ?? [];
  return [...wholeWords(text), ...parts.map((part) => part.toLowerCase())];
}
