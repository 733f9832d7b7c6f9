import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** What every Kubernetes object has. */
const Identified = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
});
export type Manifest = z.infer<typeof Identified>;

/** Reads the objects of a stream of YAML documents, as `kubectl kustomize` and `helm template` print them. */
export function readManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
    const value: unknown = document.toJS();
    return value === null ? [] : [Identified.parse(withoutNulls(value))];
  });
}

/** Helm prints keys without a value as null, which the API server takes as absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === null ? [] : [[key, withoutNulls(inner)]],
    ),
  );
}

/** Gives the objects of one kind. */
export function ofKind(manifests: readonly Manifest[], kind: string): readonly Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}
