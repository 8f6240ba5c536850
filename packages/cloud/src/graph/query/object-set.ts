import type { GraphResource } from '../operation/graph-operation.ts';

/** A set of directory objects as queries read it: in its own order piece by piece, or by an index where one fits. */
export interface ObjectSet<T extends { id: string }> {
  /** The property that the set's own order goes by, when there is one. */
  order?: string;
  has: (id: string) => boolean;
  /** At most `limit` objects in the set's order: from the start, or from the one after `afterId`. */
  read: (afterId: string | null, limit: number) => readonly T[];
  count: () => number;
  /** What an index finds by a property's value; it may find too much, but never too little. */
  lookUps?: Readonly<Record<string, (value: string) => readonly T[] | undefined>>;
  present: (object: T) => GraphResource;
}

/** The objects that an index found, or a set that is small, as a set of their own. */
export function narrowTo<T extends { id: string }>(
  objects: readonly T[],
  present: ObjectSet<T>['present'],
): ObjectSet<T> {
  return loadWhole(() => objects, present);
}

/** A set that can only be read as a whole; it is, when it has to be. */
export function loadWhole<T extends { id: string }>(
  load: () => readonly T[],
  present: ObjectSet<T>['present'],
): ObjectSet<T> {
  let loaded: readonly T[] | undefined;
  const objects = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    has: (id) => objects().some((object) => object.id === id),
    read(afterId, limit) {
      const first = afterId === null ? 0 : objects().findIndex(({ id }) => id === afterId) + 1;
      return objects().slice(first, first + limit);
    },
    count: () => objects().length,
    present,
  };
}

/** Resources that are at hand as they are answered, each with an `id`. */
export function listedObjects(
  resources: readonly GraphResource[],
): ObjectSet<GraphResource & { id: string }> {
  return narrowTo(
    resources.map((resource) => ({ ...resource, id: String(resource.id) })),
    (resource) => resource,
  );
}

const scanSize = 500;

/** Everything from `afterId` on, read piece by piece: who stops early has not read the rest. */
export function* scan<T extends { id: string }>(
  { read }: ObjectSet<T>,
  afterId: string | null = null,
  pieceSize = scanSize,
): Generator<T> {
  let last = afterId;
  for (;;) {
    const piece = read(last, pieceSize);
    yield* piece;
    if (piece.length < pieceSize) return;
    last = piece.at(-1)?.id ?? null;
  }
}
