export {
  decodeBase64Into,
  fromBase64,
  fromBase64Any,
  isBase64Text,
  sizeOfBase64,
  toBase64,
} from './base64.js';
export { canonicalJson } from './canonical-json.js';
export { asCommitId, asSha256, isCommitId, isSha256, sha256 } from './digest.js';
export type { CommitId, Sha256 } from './digest.js';
export { EncodingError, quote } from './error.js';
export type { EncodingErrorCode } from './error.js';
export { fromHex, toHex } from './hex.js';
export { compareText } from './order.js';
