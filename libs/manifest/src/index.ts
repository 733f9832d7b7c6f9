export {
  BUCKET_NODES,
  INNER_SLOTS,
  MANIFEST_VERSION,
  MAX_MEMBERS,
  MAX_PAGE_BYTES,
  MAX_TEXT_LENGTH,
} from './bounds.js';
export { decodePage } from './decode-page.js';
export { ManifestError } from './error.js';
export type { ManifestErrorCode } from './error.js';
export { CONTAINER_FORMS, NODE_KINDS } from './form.js';
export type {
  Attributes,
  Container,
  ContainerForm,
  Location,
  ManifestNode,
  NodeKind,
} from './form.js';
export { formatLocation } from './location.js';
export { MembersWriter } from './members-writer.js';
export { OrderDigest, SORTED } from './order-digest.js';
export { pageDigest } from './page.js';
export type { Page } from './page.js';
export { pagesInMemory } from './page-source.js';
export type { PageMap, PageSink, PageSource } from './page-source.js';
export { pathText } from './path-text.js';
export { decodeRoot, writeRoot } from './root.js';
export { trieKey } from './trie-key.js';
export { valueText } from './value-text.js';
