import type { Argument } from '../../odata/expression.ts';
import { parseResourcePath } from '../../odata/parse-resource-path.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import type { Answer } from '../operations/answer.ts';
import { parseQueryOptions, type QueryOptionName } from '../query/query-options.ts';
import { discoveryMetadata } from './discovery-metadata.ts';
import { comparable, compileInstanceFilter, contentOf, propertyOf } from './filter-instances.ts';
import { type Instance, type InstanceProperty, instanceProperties, instanceTypes } from './instance.ts';

const instanceOptions: readonly QueryOptionName[] = ['$select', '$filter'];
/** Each of these may stand in the parentheses. */
const keys: readonly InstanceProperty[] = ['Id', 'UniqueName', 'Region', 'State', 'Version'];

/** A request to the discovery service by somebody who may ask. */
export interface DiscoveryRequest {
  /** E.g. `https://globaldisco.crm.dynamics.com/api/discovery/v2.0`. */
  serviceRoot: string;
  /** What stands after it, decoded. */
  path: string;
  /** As sent, without the question mark. */
  query: string;
  /** The environments that the caller may use. */
  list: () => Instance[];
}

/**
 * Answers the Global Discovery Service: its service document, its metadata and `Instances`, which is a list by its
 * keys too.
 *
 * Source: Microsoft Dataverse developer guide, "Discover user organizations".
 *
 * @throws DataverseError 400 and 404 @throws ODataSyntaxError
 */
export function answerDiscovery({ serviceRoot, path, query, list }: DiscoveryRequest): Answer {
  const [step, ...rest] = parseResourcePath(path);
  const context = `${serviceRoot}/$metadata`;
  if (!step) {
    parseQueryOptions(query, []);
    const value = [{ name: 'Instances', kind: 'EntitySet', url: 'Instances' }];
    return { status: 200, json: { '@odata.context': context, value } };
  }
  if (step.name === '$metadata' && rest.length === 0) {
    return { status: 200, text: { contentType: 'application/xml', content: discoveryMetadata() } };
  }
  if (step.name !== 'Instances' || rest.length > 0) {
    const segment = rest.at(-1)?.name ?? step.name;
    throw new DataverseError('unknownSegment', `Resource not found for the segment '${segment}'.`);
  }
  const { select, filter } = parseQueryOptions(query, instanceOptions);
  const chosen = select?.map((names) => (names[0] === '*' ? null : propertyOf({ names })));
  const properties = chosen && !chosen.includes(null) ? chosen.filter((name) => name !== null) : null;
  const hasKey = step.arguments === null ? () => true : keyTest(step.arguments);
  const matches = filter === null ? () => true : compileInstanceFilter(filter);
  const value = list()
    .filter((instance) => hasKey(instance) && matches(instance))
    .map((instance) => pick(instance, properties ?? instanceProperties));
  return {
    status: 200,
    json: { '@odata.context': `${context}#Instances${properties ? `(${properties.join(',')})` : ''}`, value },
  };
}

function keyTest(given: readonly Argument[]): (instance: Instance) => boolean {
  const [first, ...others] = given;
  const property = keys.find((key) => key === (first?.name ?? 'Id'));
  if (!first || !property || others.length > 0 || first.value.kind !== 'literal') throw invalidKey();
  const value = contentOf(first.value, instanceTypes[property]);
  return (instance) => comparable(instance, property) === value;
}

function invalidKey(): DataverseError {
  const problem = `The key in the request URI is not valid for resource 'Instance'. It takes one of ${keys.join(', ')}.`;
  return new DataverseError('badQuery', problem);
}

function pick(instance: Instance, properties: readonly InstanceProperty[]): object {
  return Object.fromEntries(properties.map((name) => [name, instance[name]]));
}
