/** What queries may name of a resource: its OData type and its properties. */
export interface ResourceType {
  /** As in `microsoft.graph.application`. */
  name: string;
  /** Everything that `$select`, `$filter` and `$orderby` may name. */
  properties: readonly string[];
  /** Of a mixed collection: what the objects in it may be, each of which says what it is by `@odata.type`. */
  kinds?: readonly ResourceType[];
  /** What is answered without `$select`; everything when absent. */
  defaultProperties?: readonly string[];
  /** What `$search` looks into; nothing when absent. */
  searchable?: readonly string[];
}
