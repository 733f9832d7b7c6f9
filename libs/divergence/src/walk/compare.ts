import type { Attributes, ContainerForm, Location, ManifestNode, NodeKind } from '#libs/manifest';
import { pick } from './pick.js';

/** A difference as it was seen, before it is asked what it merely follows from. */
export interface Sighting {
  readonly location: Location;
  readonly kind: NodeKind | ContainerForm;
  /** Whether it is of the container that a node is, and not of the node. */
  readonly isContainer: boolean;
  /** What both sides hold in it, where they agree. */
  readonly form: ContainerForm | null;
  readonly left: Attributes | null;
  readonly right: Attributes | null;
}

/** Two nodes of one path, neither of them absent. Gives what differs, the container's after the node's. */
export function comparePair(
  location: Location,
  left: ManifestNode,
  right: ManifestNode,
): Sighting[] {
  const sightings: Sighting[] = [];
  const node = differing(outer(left, right), outer(right, left));
  const form = left.inside?.form === right.inside?.form ? (left.inside?.form ?? null) : null;
  if (node !== null) {
    sightings.push({ location, kind: left.kind, isContainer: false, form, ...node });
  }
  const within = differing(left.inside?.attributes ?? {}, right.inside?.attributes ?? {});
  if (form !== null && within !== null) {
    sightings.push({ location, kind: form, isContainer: true, form, ...within });
  }
  return sightings;
}

/** A node that only one side has. */
export function onlyIn(side: 'left' | 'right', location: Location, node: ManifestNode): Sighting {
  const [left, right] = side === 'left' ? [node.attributes, null] : [null, node.attributes];
  return { location, kind: node.kind, isContainer: false, form: null, left, right };
}

/** Kind and form are told as attributes where they differ, so that a table has both. */
function outer(of: ManifestNode, beside: ManifestNode): Attributes {
  const form = of.inside?.form;
  return {
    ...of.attributes,
    ...(of.kind !== beside.kind && { kind: of.kind }),
    ...(form !== beside.inside?.form && { inside: form ?? 'nothing known' }),
  };
}

function differing(
  left: Attributes,
  right: Attributes,
): { readonly left: Attributes; readonly right: Attributes } | null {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const changed = [...names].filter((name) => left[name] !== right[name]).sort();
  if (changed.length === 0) return null;
  return { left: pick(left, changed), right: pick(right, changed) };
}
