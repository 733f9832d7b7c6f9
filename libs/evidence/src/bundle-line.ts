import { z } from 'zod';
import { Bytes32, Envelope, NAMESPACE, Sha256Text } from '#libs/attestation';
import { LogEntryKind } from '#libs/contracts';

/** What the first line of a bundle says it is. */
export const BUNDLE_TYPE = `${NAMESPACE}/bundle/v1`;

/** What an entry of the log says, in the order of a round. */
export const ENTRY_KINDS = LogEntryKind.options;
export type EntryKind = LogEntryKind;

const Index = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A hash of the tree: base64 of its 32 bytes. */
const Hash = Bytes32;
const Signature = z.string().regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/, 'expected base64 of 64 bytes');

/** The first line: of which round, and of which log. */
export const BundleHeader = z.object({
  bundle: z.literal(BUNDLE_TYPE),
  round: Sha256Text,
  origin: z.string().min(1).max(200),
});
export type BundleHeader = z.infer<typeof BundleHeader>;

/** An entry of the log with all that it says. */
export const EnvelopeLine = z.object({
  type: z.literal('envelope'),
  /** For people and filters: a verifier derives it from the statement, and refuses another. */
  kind: z.enum(ENTRY_KINDS),
  index: Index,
  /** Whose signature the leaf holds. What this key may say is for the verifier to find out. */
  publicKey: Bytes32,
  envelope: Envelope,
});
export type EnvelopeLine = z.infer<typeof EnvelopeLine>;

/** An entry of the log without its envelope: enough to tell whose it is not. */
export const LeafLine = z.object({
  type: z.literal('leaf'),
  index: Index,
  /** SHA-256 of what was signed: the PAE of an envelope that is not here. */
  digest: Sha256Text,
  signature: Signature,
  publicKey: Bytes32,
});
export type LeafLine = z.infer<typeof LeafLine>;

/** The checkpoint that everything else is shown to be in: a signed note with its cosignatures. */
export const CheckpointLine = z.object({
  type: z.literal('checkpoint'),
  note: z.string().min(1).max(500_000),
});

/** That all entries of the bundle, and no others, stand where they say: see `verifyLeafSet`. */
export const ProofLine = z.object({ type: z.literal('proof'), hashes: z.array(Hash).max(100_000) });

/** That the log grew from the size of an earlier checkpoint to the bundle's. */
export const ConsistencyLine = z.object({
  type: z.literal('consistency'),
  size: Index.min(1),
  hashes: z.array(Hash).max(65),
});
export type ConsistencyLine = z.infer<typeof ConsistencyLine>;

/** The proposal: its raw payload, and the evidence of its certification as it was archived. */
export const ProposalLine = z.object({
  type: z.literal('proposal'),
  nnsFunction: z.number().int(),
  payload: z.string().max(400_000),
  evidence: z.record(z.string(), z.unknown()),
});
export type ProposalLine = z.infer<typeof ProposalLine>;

/** Every line of a bundle but the first. Unknown fields are passed over. */
export const BundleLine = z.discriminatedUnion('type', [
  EnvelopeLine,
  LeafLine,
  CheckpointLine,
  ProofLine,
  ConsistencyLine,
  ProposalLine,
]);
export type BundleLine = z.infer<typeof BundleLine>;
