import { legacyKey, legacyKeyId } from './legacy-key.js';
import { REBUILD_STEP } from './legacy-link.js';
import { signMetablock, type Metablock } from './metablock.js';
import type { Signer } from './signer.js';

/** What an auditor asks of in-toto: whose links count, how many, and of which artifacts. */
export interface LayoutRequest {
  /** Raw public keys, one of each operator: in-toto counts keys, and knows no operators. */
  readonly publicKeys: readonly Uint8Array[];
  /** How many of them have to have signed the same products. */
  readonly threshold: number;
  /** Names of products that each link has to have, such as `<release>/<path>`. */
  readonly products: readonly string[];
  /** Until when the layout holds. Milliseconds are cut: in-toto knows none. */
  readonly expires: Date;
}

/**
 * Writes a layout of one step, signed with the auditor's own key: by it `in-toto-verify` checks that
 * `threshold` of the builders signed the same products of the same source.
 *
 * Source: in-toto specification 0.9, section 4.3
 */
export function legacyLayout(
  { publicKeys, threshold, products, expires }: LayoutRequest,
  auditor: Signer,
): Metablock<object> {
  const keys = publicKeys.map((publicKey) => {
    const keyid = legacyKeyId(publicKey);
    return { keyid, ...legacyKey(publicKey) };
  });
  const step = {
    _type: 'step',
    name: REBUILD_STEP,
    pubkeys: keys.map(({ keyid }) => keyid),
    threshold,
    expected_command: [],
    expected_materials: [],
    expected_products: products.map((product) => ['REQUIRE', product]),
  };
  const layout = {
    _type: 'layout',
    steps: [step],
    inspect: [],
    keys: Object.fromEntries(keys.map((key) => [key.keyid, key])),
    expires: `${expires.toISOString().slice(0, 19)}Z`,
    readme: `${threshold} of ${keys.length} builders have to get the same bytes from the same source`,
  };
  return signMetablock(layout, auditor);
}
