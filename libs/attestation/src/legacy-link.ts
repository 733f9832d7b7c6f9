import { z } from 'zod';
import { canonicalJson, quote } from '#libs/encoding';
import { AttestationError } from './error.js';
import { legacyKeyId } from './legacy-key.js';
import { MetablockSignatures, PlainText, signMetablock, verifyMetablock } from './metablock.js';
import type { Result } from './result.js';
import type { Signer } from './signer.js';
import { readAs } from './statement.js';

/** The step that a rebuild is in a layout. */
export const REBUILD_STEP = 'rebuild';

const Digests = z.record(PlainText, z.string().regex(/^[0-9a-f]{32,128}$/));

/**
 * A rebuild as an in-toto link of the old form, for verifiers that know no DSSE. Materials and
 * products are what such verifiers compare: the source, and every artifact that came out.
 *
 * Source: in-toto specification 0.9, section 4.4
 */
export const LegacyLink = z.object({
  signatures: MetablockSignatures,
  signed: z.strictObject({
    _type: z.literal('link'),
    name: z.literal(REBUILD_STEP),
    command: z.array(PlainText).max(0),
    materials: z.record(PlainText, Digests),
    products: z.record(PlainText, Digests),
    byproducts: z.record(PlainText, PlainText),
    environment: z.record(PlainText, PlainText),
  }),
});
export type LegacyLink = z.infer<typeof LegacyLink>;

/** Makes the link of what was built, and signs it with the builder's own key. */
export function legacyLink(result: Result & { kind: 'built' }, signer: Signer): LegacyLink {
  const { signatures, signed } = signMetablock(linkOf(result), signer);
  return { signatures: [...signatures], signed };
}

/**
 * Verifies a link by its builder's key against the result that it says again: same round, builder
 * and source, and as products exactly the outputs.
 *
 * @throws AttestationError MALFORMED_STATEMENT, BAD_SIGNATURE, WRONG_SUBJECT
 */
export function openLegacyLink(value: unknown, publicKey: Uint8Array, result: Result): LegacyLink {
  const link = readAs(LegacyLink, value, 'an in-toto link of a rebuild');
  verifyMetablock(link, publicKey);
  if (result.kind !== 'built') {
    throw new AttestationError('WRONG_SUBJECT', 'a build that failed has no link');
  }
  const expected = linkOf(result);
  for (const part of ['materials', 'products', 'environment'] as const) {
    if (canonicalJson(link.signed[part]) === canonicalJson(expected[part])) continue;
    throw new AttestationError(
      'WRONG_SUBJECT',
      `the link's ${part} are not the result's: expected ${quote(canonicalJson(expected[part]))}`,
    );
  }
  return link;
}

/** Names the file in which in-toto looks for a builder's link. */
export function legacyLinkFile(publicKey: Uint8Array): string {
  return `${REBUILD_STEP}.${legacyKeyId(publicKey).slice(0, 8)}.link`;
}

function linkOf({ release, outputs, round, builder }: Result & { kind: 'built' }) {
  return {
    _type: 'link' as const,
    name: REBUILD_STEP,
    command: [],
    materials: { [release.name]: { ...release.digest } },
    products: Object.fromEntries(
      outputs.map(({ path, sha256 }) => [`${release.name}/${path}`, { sha256 }]),
    ),
    byproducts: {},
    // A link of one round or builder must not be shown as another's.
    environment: { round: round ?? 'none', builder },
  } satisfies LegacyLink['signed'];
}
