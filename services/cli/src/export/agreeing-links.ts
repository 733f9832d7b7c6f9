import {
  keyIdOf,
  legacyLinkFile,
  openLegacyLink,
  parseStatement,
  readResult,
  type LegacyLink,
} from '#libs/attestation';
import { canonicalJson, compareText } from '#libs/encoding';
import type { ExportedEntry, ExportedRound } from './exported-round.js';

/** A builder's link, and the file in which in-toto looks for it. */
export interface AgreeingLink {
  readonly file: string;
  readonly builder: string;
  readonly operator: string;
  readonly publicKey: Uint8Array;
  readonly link: LegacyLink;
}

/** What is looked at: what was asked, what came out, and who signed it. */
export type LinkSource = Pick<ExportedRound, 'open' | 'links' | 'entries'> & {
  readonly report: Pick<ExportedRound['report'], 'artifacts'>;
};

/** What a round's verdict says came out, by product name; null where it says so of nothing. */
export function agreedProducts({
  report,
  open,
}: Pick<LinkSource, 'report' | 'open'>): ReadonlyMap<string, string> | null {
  const elected = report.artifacts.filter((artifact) => artifact.elected);
  const asked = elected.length > 0 ? elected : report.artifacts;
  const products = new Map<string, string>();
  for (const { name, clusters, needed } of asked) {
    const digest = clusters.find(({ operators }) => operators.length >= needed)?.digest;
    const artifact = open.release.artifacts.find((it) => it.name === name);
    if (digest === undefined || artifact === undefined) return null;
    products.set(`${open.release.name}/${artifact.path}`, digest);
  }
  return products.size > 0 ? products : null;
}

/**
 * Picks the links that may lie in one folder: in-toto refuses all of them where two differ in anything,
 * and so a dissenter could spoil a quorum by its mere presence. They are of the largest group that
 * built what was agreed on; dissent is in the log.
 *
 * @throws AttestationError for a link that is not its result's
 */
export function agreeingLinks(exported: LinkSource): readonly AgreeingLink[] {
  const agreed = agreedProducts(exported);
  if (agreed === null) return [];
  const groups = new Map<string, AgreeingLink[]>();
  for (const found of openedLinks(exported)) {
    const { materials, products } = found.link.signed;
    const isAgreed = [...agreed].every(([name, digest]) => products[name]?.['sha256'] === digest);
    if (!isAgreed) continue;
    const key = canonicalJson({ materials, products });
    groups.set(key, [...(groups.get(key) ?? []), found]);
  }
  const largest = [...groups].toSorted(
    ([a, one], [b, other]) => other.length - one.length || compareText(a, b),
  );
  return withoutClashes(largest[0]?.[1] ?? []);
}

function openedLinks({ links, entries }: LinkSource): readonly AgreeingLink[] {
  const results = new Map<string, ExportedEntry>();
  for (const entry of entries) {
    if (entry.kind === 'result' && entry.builder !== null) results.set(entry.builder, entry);
  }
  return links.flatMap(({ builder, link }) => {
    const entry = results.get(builder);
    if (entry?.operator === undefined || entry.operator === null) return [];
    const { publicKey, operator, payload } = entry;
    const opened = openLegacyLink(link, publicKey, readResult(parseStatement(payload)));
    return [{ file: legacyLinkFile(publicKey), builder, operator, publicKey, link: opened }];
  });
}

/** A file is named by 8 letters of a key id, which somebody could make alike. */
function withoutClashes(links: readonly AgreeingLink[]): readonly AgreeingLink[] {
  const sorted = links.toSorted((a, b) => compareText(keyIdOf(a.publicKey), keyIdOf(b.publicKey)));
  return sorted.filter(({ file }, at) => sorted.findIndex((it) => it.file === file) === at);
}
