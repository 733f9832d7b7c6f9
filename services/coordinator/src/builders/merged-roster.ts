import type { RosterBuilder, RosterEntry } from '#libs/attestation';
import type { BuilderView } from '#libs/contracts';

/**
 * Adds the builders of the registry to those of the roster file. A builder that stands in both is one,
 * its operator's as the file says; an operator that the file names by its key keeps that name, and any
 * other goes by its principal. Who was paused or taken out of service is left out, listed or not.
 *
 * @param registered every builder that was ever approved
 */
export function mergeRoster(
  file: readonly RosterEntry[],
  registered: readonly BuilderView[],
): readonly RosterEntry[] {
  const statuses = new Map(registered.map(({ builder, status }) => [builder, status]));
  const isInvited = ({ builder }: RosterBuilder): boolean =>
    (statuses.get(builder) ?? 'active') === 'active';
  const listed = file.flatMap(({ builders }) => builders);
  const listedIds = new Set(listed.map(({ builder }) => builder));
  const builderKeys = new Set([...listed, ...registered].map(({ publicKey }) => publicKey));
  const entries = file.map((entry) => ({ ...entry, builders: entry.builders.filter(isInvited) }));
  const places = new Map<string, number>();
  file.forEach(({ operator, publicKey }, at) => {
    // Two kinds of names that are never alike: base64 of 32 bytes ends in an equals sign.
    places.set(operator, at);
    if (publicKey !== undefined) places.set(publicKey, at);
  });
  for (const { builder, publicKey, operator, status } of registered) {
    if (status !== 'active' || listedIds.has(builder)) continue;
    // One such entry would make every round's roster unreadable.
    if (builderKeys.has(operator.publicKey)) continue;
    const at = places.get(operator.publicKey) ?? places.get(operator.id) ?? entries.length;
    const own = entries[at] ?? { operator: operator.id, builders: [] };
    if (own.publicKey !== undefined && own.publicKey !== operator.publicKey) continue;
    const builders = [...own.builders, { builder, publicKey }];
    entries[at] = { ...own, publicKey: operator.publicKey, builders };
    places.set(operator.publicKey, at);
  }
  return entries.filter(({ builders }) => builders.length > 0);
}
