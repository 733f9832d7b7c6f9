import { legacyKey, legacyLayout, metablockText, type Signer } from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import { agreedProducts, agreeingLinks, type AgreeingLink } from './agreeing-links.js';
import type { ExportedRound } from './exported-round.js';
import { jsonText, type ExportFiles } from './export-files.js';

const VALID_MS = 365 * 86_400_000;

/** Who signs a layout, and when. */
export interface LayoutSigner {
  readonly auditor: Signer;
  readonly now: Date;
}

/** Makes the links that agree, and with an auditor's key the layout that counts them. */
export function linkFiles(exported: ExportedRound, signing: LayoutSigner | null): ExportFiles {
  const files = new Map<string, string>();
  const links = agreeingLinks(exported);
  for (const { file, link } of links) files.set(`in-toto/${file}`, metablockText(link));
  if (signing === null || links.length === 0) return files;
  const { auditor, now } = signing;
  const layout = legacyLayout(
    {
      publicKeys: keysOf(exported, links),
      threshold: exported.report.round?.needed ?? 2,
      products: [...(agreedProducts(exported)?.keys() ?? [])],
      expires: new Date(now.getTime() + VALID_MS),
    },
    auditor,
  );
  files.set('in-toto/root.layout', metablockText(layout));
  files.set('in-toto/auditor.pub', jsonText(legacyKey(auditor.publicKey)));
  return files;
}

/** One key of each operator, as operators are counted: the one that a link is by, else its first. */
function keysOf({ roster }: ExportedRound, links: readonly AgreeingLink[]): readonly Uint8Array[] {
  return roster.flatMap(({ operator, builders: [first] }) => {
    const linked = links.find((link) => link.operator === operator);
    if (linked !== undefined) return [linked.publicKey];
    return first === undefined ? [] : [fromBase64(first.publicKey)];
  });
}
