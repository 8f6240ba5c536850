/** An OData expression, clause or resource path that can't be read. The edge answers it with 400. */
export class ODataSyntaxError extends Error {
  /** Zero-based offset into the text that was read. */
  readonly position: number;

  constructor(problem: string, position: number, source: string) {
    super(`${problem} at position ${position} in '${source}'.`);
    this.name = 'ODataSyntaxError';
    this.position = position;
  }
}
