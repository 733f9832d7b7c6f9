import type { PublishedReport } from '#libs/contracts';
import { compareText } from '#libs/encoding';
import type { LoadedRound } from '../rounds/round-store.js';

/**
 * Groups what builders read as published by place and by what they read there. One group a place is
 * agreement; two mean that a host served two callers different bytes, or failed one of them.
 */
export function publishedReports({ results }: LoadedRound): PublishedReport[] {
  const places = new Map<string, PublishedReport>();
  for (const [builder, result] of [...results].toSorted(([a], [b]) => compareText(a, b))) {
    if (result.kind !== 'built') continue;
    for (const { artifact, source, url, sha256, error } of result.published) {
      const key = JSON.stringify([artifact, source, url]);
      const place = places.get(key) ?? { artifact, source, url, readings: [] };
      places.set(key, place);
      const told = error === null ? null : `${error.code}: ${error.message}`;
      const same = place.readings.find((r) => r.sha256 === sha256 && r.error === told);
      if (same === undefined) place.readings.push({ sha256, error: told, builders: [builder] });
      else same.builders.push(builder);
    }
  }
  return [...places.values()].toSorted(
    (a, b) =>
      compareText(a.artifact, b.artifact) ||
      compareText(a.source, b.source) ||
      compareText(a.url, b.url),
  );
}
