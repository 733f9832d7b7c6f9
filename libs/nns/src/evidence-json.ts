import { EncodingError, fromBase64, quote, toBase64 } from '#libs/encoding';
import { z } from 'zod';
import { NnsError } from './error.js';
import type { Evidence } from './evidence.js';

const MAX_CERTIFICATE_TEXT = 6 * 1024 * 1024;
const MAX_NAT64 = 2n ** 64n - 1n;

const Principal = z.string().max(63);
const EvidenceJsonSchema = z.strictObject({
  certificate: z.string().max(MAX_CERTIFICATE_TEXT),
  request: z.strictObject({
    sender: Principal,
    canisterId: Principal,
    method: z.string().max(128),
    argument: z.string().max(2048),
    nonce: z.string().max(44).nullable(),
    ingressExpiryNs: z.string().regex(/^(?:0|[1-9][0-9]{0,19})$/),
  }),
  requestId: z.string().length(44),
});

/** Evidence as JSON carries it: bytes in standard base64, nanoseconds as decimal text. */
export type EvidenceJson = z.infer<typeof EvidenceJsonSchema>;

/** Writes evidence as JSON-safe data; {@link evidenceFromJson} reads it back. */
export function evidenceToJson({ certificate, request, requestId }: Evidence): EvidenceJson {
  return {
    certificate: toBase64(certificate),
    request: {
      sender: request.sender,
      canisterId: request.canisterId,
      method: request.method,
      argument: toBase64(request.argument),
      nonce: request.nonce === null ? null : toBase64(request.nonce),
      ingressExpiryNs: String(request.ingressExpiryNs),
    },
    requestId: toBase64(requestId),
  };
}

/**
 * Reads what {@link evidenceToJson} wrote, and nothing else: no unknown key, no loose base64, no
 * other spelling of a number. Says nothing about its truth; {@link verifyEvidence} does.
 *
 * @throws NnsError UNCERTIFIED
 */
export function evidenceFromJson(json: unknown): Evidence {
  const parsed = EvidenceJsonSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const problem = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    throw malformed(quote(problem), parsed.error);
  }
  const { certificate, request, requestId } = parsed.data;
  const ingressExpiryNs = BigInt(request.ingressExpiryNs);
  if (ingressExpiryNs > MAX_NAT64) throw malformed('ingressExpiryNs exceeds 64 bits');
  try {
    return {
      certificate: fromBase64(certificate),
      request: {
        sender: request.sender,
        canisterId: request.canisterId,
        method: request.method,
        argument: fromBase64(request.argument),
        nonce: request.nonce === null ? null : fromBase64(request.nonce),
        ingressExpiryNs,
      },
      requestId: fromBase64(requestId),
    };
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw malformed(error.message, error);
  }
}

function malformed(problem: string, cause?: unknown): NnsError {
  return new NnsError('UNCERTIFIED', `evidence is malformed: ${problem}`, { cause });
}
