import { Certificate, lookupResultToBuffer } from '@dfinity/agent';
import { lebDecode, PipeArrayBuffer } from '@dfinity/candid';
import { toNnsError } from './agent-error.js';
import { checkCborForm } from './cbor-form.js';
import { NnsError } from './error.js';
import type { Anchor } from './network.js';

/** What the subnet certifies of a request. */
export type Outcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'replied'; readonly reply: Uint8Array }
  | { readonly kind: 'rejected'; readonly code: number; readonly message: string };

/**
 * Verifies a certificate: hash tree, delegation, canister ranges, BLS signature, root key.
 *
 * `checkAge` compares its time with this machine's clock (5 minutes either way). The agent is kept
 * out of it: given one, the stock verification would ask the same host for the time, and believe
 * a replayed certificate because the host replays its clock as well.
 *
 * @throws NnsError UNCERTIFIED, CERTIFICATE_OUTDATED
 * Source: Internet Computer interface specification, "Certification"
 */
export async function openCertificate(
  certificate: Uint8Array,
  anchor: Anchor,
  { checkAge }: { readonly checkAge: boolean },
): Promise<Certificate> {
  try {
    checkCborForm(certificate);
    const opened = await Certificate.create({
      certificate: Uint8Array.from(certificate),
      rootKey: anchor.rootKey,
      canisterId: anchor.canisterId,
      disableTimeVerification: !checkAge,
    });
    const delegation = opened.cert.delegation?.certificate;
    if (delegation !== undefined) checkCborForm(delegation);
    return opened;
  } catch (error) {
    throw toNnsError(error, 'certificate');
  }
}

/**
 * Reads what an opened certificate says of one request.
 *
 * @throws NnsError UNCERTIFIED
 * Source: Internet Computer interface specification, "State tree", request status
 */
export function readOutcome(certificate: Certificate, requestId: Uint8Array): Outcome {
  const status = readText(certificate, requestId, 'status');
  switch (status) {
    case null:
    case 'received':
    case 'processing':
      return { kind: 'pending' };
    case 'replied': {
      const reply = read(certificate, requestId, 'reply');
      if (reply !== null) return { kind: 'replied', reply };
      break;
    }
    case 'rejected':
      return {
        kind: 'rejected',
        code: read(certificate, requestId, 'reject_code')?.[0] ?? 0,
        message: readText(certificate, requestId, 'reject_message') ?? '',
      };
  }
  throw new NnsError('UNCERTIFIED', 'certificate holds no reply to this request');
}

/** Reads when the subnet signed, in nanoseconds since 1970. */
export function readCertifiedTimeNs(certificate: Certificate): bigint {
  const time = lookupResultToBuffer(certificate.lookup_path(['time']));
  if (time === undefined) throw new NnsError('UNCERTIFIED', 'certificate holds no time');
  return lebDecode(new PipeArrayBuffer(Uint8Array.from(time)));
}

function readText(certificate: Certificate, requestId: Uint8Array, label: string): string | null {
  const bytes = read(certificate, requestId, label);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

function read(certificate: Certificate, requestId: Uint8Array, label: string): Uint8Array | null {
  const path = certificate.lookup_path(['request_status', requestId, label]);
  return lookupResultToBuffer(path) ?? null;
}
