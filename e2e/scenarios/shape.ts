import type { Report } from '#libs/contracts';

/** The sets of operators that share a HostOS digest: the shape of a split, without its digests. */
export function hostosShape(report: Report): readonly (readonly string[])[] {
  const hostos = report.artifacts.find(({ name }) => name === 'hostos/update-img');
  return (hostos?.clusters ?? [])
    .map(({ operators }) => operators)
    .toSorted((a, b) => a.join().localeCompare(b.join(), 'en'));
}
