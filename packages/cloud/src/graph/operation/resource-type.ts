/** What queries may name of a resource: its OData type and its properties. */
export interface ResourceType {
  /** As in `microsoft.graph.application`. */
  name: string;
  /** Everything that `$select`, `$filter` and `$orderby` may name. */
  properties: readonly string[];
  /** What is answered without `$select`; everything when absent. */
  defaultProperties?: readonly string[];
  /** What `$search` looks into; nothing when absent. */
  searchable?: readonly string[];
}
