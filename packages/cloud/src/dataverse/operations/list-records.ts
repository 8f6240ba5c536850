import { includesAnnotation } from '../call/preferences.ts';
import { largestPage, listOptions, parseQueryOptions } from '../query/query-options.ts';
import { countRows, type RowSource, runQuery } from '../query/run-query.ts';
import { selectColumns } from '../query/select-columns.ts';
import { collectionRows } from '../records/collection-rows.ts';
import { presentRecords } from '../render/present-record.ts';
import { type Answer, annotationsApplied, preferenceApplied, type WebApiRequest } from './answer.ts';
import type { CollectionResource } from './resolve-resource.ts';

const crm = 'Microsoft.Dynamics.CRM';

/** Grows when tables change, which they do with a release only. */
const metadataVersion = '1';

/** The total is not counted unless `$count=true` asks for it. */
const notCounted = -1;

const byteOrderMark = '\uFEFF';

/** `GET /accounts?$select=…&$filter=…`: one page of rows, with the link to the next. */
export function listRecords(request: WebApiRequest, resource: CollectionResource): Answer {
  const { call, query } = request;
  const { preferences } = call;
  const { entitySetName } = resource.table.definition;
  const options = parseQueryOptions(query, listOptions);
  const { columns, context } = selectColumns(resource.table, options.select);
  const result = runQuery(rowSource(request, resource), options, preferences.maximumPageSize);
  const counted = Math.min(result.total, largestPage);
  return {
    status: 200,
    headers: preferenceApplied(
      preferences.maximumPageSize !== null && `odata.maxpagesize=${preferences.maximumPageSize}`,
      annotationsApplied(call),
    ),
    json: {
      '@odata.context': `${call.serviceRoot}/$metadata#${entitySetName}${context}`,
      ...(options.count && { '@odata.count': counted }),
      ...annotateTotals(request, {
        [`${crm}.totalrecordcount`]: options.count ? counted : notCounted,
        [`${crm}.totalrecordcountlimitexceeded`]: options.count && result.total > largestPage,
        [`${crm}.globalmetadataversion`]: metadataVersion,
      }),
      value: presentRecords(call, result.records, columns),
      ...(result.nextSkipToken !== null && {
        '@odata.nextLink': nextLink(request.url, query, result.nextSkipToken),
      }),
    },
  };
}

/** `GET /accounts/$count`: a bare number, which the real service begins with a byte order mark. */
export function countRecords(request: WebApiRequest, resource: CollectionResource): Answer {
  const options = parseQueryOptions(request.query, ['$filter']);
  const total = Math.min(countRows(rowSource(request, resource), options), largestPage);
  return { status: 200, text: { contentType: 'text/plain', content: `${byteOrderMark}${total}` } };
}

function rowSource({ call: { store } }: WebApiRequest, { table, within }: CollectionResource): RowSource {
  const rows = within
    ? collectionRows(store, within.source, within.collection)
    : store.list(table.definition.logicalName);
  return { store, table, rows };
}

function annotateTotals({ call }: WebApiRequest, totals: Record<string, unknown>): Record<string, unknown> {
  const wanted = Object.entries(totals).filter(([name]) => includesAnnotation(call.preferences, name));
  return Object.fromEntries(wanted.map(([name, value]) => [`@${name}`, value]));
}

/** The same request, its options as they were sent, from where this page ends. */
function nextLink(url: string, query: string, skipToken: string): string {
  const kept = query.split('&').filter((pair) => pair !== '' && !/^(?:\$|%24)skiptoken=/i.test(pair));
  return `${url}?${[...kept, `$skiptoken=${skipToken}`].join('&')}`;
}
