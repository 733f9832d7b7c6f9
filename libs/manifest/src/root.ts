import { quote, type Sha256 } from '#libs/encoding';
import { MANIFEST_VERSION } from './bounds.js';
import { checkNode, isRecord } from './check-node.js';
import { encodeChecked } from './encode-checked.js';
import { ManifestError } from './error.js';
import type { ManifestNode } from './form.js';
import { encodeNode, sealPage } from './page.js';
import type { PageSink } from './page-source.js';
import { readPageText } from './read-page-text.js';

/**
 * Writes the root page: the artifact itself, a node with an empty path, and the version of it all.
 * Returns its digest, the manifest's root, which a builder signs.
 *
 * @throws ManifestError BAD_NODE or TOO_LARGE
 */
export function writeRoot(artifact: ManifestNode, sink: PageSink): Sha256 {
  const { digest, bytes } = sealPage(wrap(encodeChecked(artifact)));
  sink(digest, bytes);
  return digest;
}

/**
 * Reads a root page that anybody may have sent.
 *
 * @throws ManifestError WRONG_DIGEST, MALFORMED_PAGE, or OTHER_VERSION for a manifest that other
 * readers made: beside one of ours it would show differences that the artifacts do not have
 */
export function decodeRoot(bytes: Uint8Array, expected: Sha256): ManifestNode {
  const { text, value } = readPageText(bytes, expected);
  if (!isRecord(value) || !isRecord(value['artifact'])) {
    throw new ManifestError('MALFORMED_PAGE', `page ${expected} is no root of a manifest`);
  }
  if (value['version'] !== MANIFEST_VERSION) {
    const found = quote(String(value['version']));
    throw new ManifestError(
      'OTHER_VERSION',
      `manifest ${expected} is of version ${found}; this reads version ${MANIFEST_VERSION}`,
    );
  }
  const artifact = checkNode(value['artifact']);
  if (artifact.path !== '' || wrap(encodeNode(artifact)) !== text) {
    throw new ManifestError('MALFORMED_PAGE', `root ${expected} is not in canonical form`);
  }
  return artifact;
}

function wrap(artifact: string): string {
  return `{"artifact":${artifact},"version":${MANIFEST_VERSION.toString()}}`;
}
