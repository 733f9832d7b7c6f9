import { PolicyFile } from '#libs/contracts';
import { fromBase64, sha256 } from '#libs/encoding';
import { readAuditor } from './auditor.js';
import { EVIDENCE, fiveHands, GUESTOS, PAYLOAD, RELEASE, type Hand } from './bundle.fixture.js';
import type { BundleLine } from './bundle-line.js';
import { LOG_VKEY } from './log.fixture.js';
import type { VerifyCertificate } from './proposal.js';
import { verifyBundle, type Audit, type AuditOptions } from './verify-bundle.js';

/** When fixtures are audited: a day after their rounds were opened. */
export const AUDITED_AT = new Date('2026-01-03T03:00:00.000Z');

/** Stands in for the NNS: believes the fixtures' evidence, and says what their proposal elects. */
export const verifyCertificate: VerifyCertificate = (evidence) => {
  if (evidence['certificate'] !== EVIDENCE.certificate) {
    return Promise.reject(new Error('certificate is not signed'));
  }
  return Promise.resolve({
    ...{ proposal: '138000', nnsFunction: 38, payload: PAYLOAD },
    elects: {
      os: 'guestos',
      commit: RELEASE.source.digest['gitCommit'] ?? '',
      sha256: sha256(`good ${GUESTOS}`),
      urls: ['https://download.example/guest-os/update-img.tar.zst'],
    },
  });
};

/** A policy that trusts these operators by their builders. */
export function policyOf(
  hands: readonly Hand[] = fiveHands(),
  over: Partial<PolicyFile> = {},
): PolicyFile {
  const operators = Map.groupBy(hands, ({ operator }) => operator);
  return PolicyFile.parse({
    log: [LOG_VKEY],
    operators: [...operators].map(([operator, own]) => ({
      ...{ operator, builders: own.map(({ signer }) => signer.id) },
    })),
    threshold: '3/5',
    ...over,
  });
}

/** Audits a bundle as the fixtures' auditor, with another policy where given. */
export function audit(
  bundle: Uint8Array | string,
  policy: PolicyFile = policyOf(),
  over: Partial<AuditOptions> = {},
): Promise<Audit> {
  const options = { at: AUDITED_AT, verifyCertificate, ...over };
  return verifyBundle(bundle, readAuditor(policy), options);
}

/** The codes of an audit's findings, each once, in order of their first appearance. */
export function codesOf({ findings }: Audit): readonly string[] {
  return [...new Set(findings.map(({ code }) => code))];
}

/** Rewrites a bundle's lines after its first; what is null is left out. */
export function rewritten(
  bundle: string,
  rewrite: (line: BundleLine) => BundleLine | readonly BundleLine[] | null,
): string {
  const [header = '', ...lines] = bundle.trimEnd().split('\n');
  const after = lines.flatMap((line) => rewrite(JSON.parse(line) as BundleLine) ?? []);
  return [header, ...after.map((line) => JSON.stringify(line)), ''].join('\n');
}

/** The order of the Ed25519 group. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The same signature by other bytes: S + L instead of S. */
export function malleated(sig: string): string {
  const bytes = fromBase64(sig);
  const scalar = BigInt(`0x${Buffer.from(bytes.subarray(32).toReversed()).toString('hex')}`) + L;
  const hex = scalar.toString(16).padStart(64, '0');
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(hex, 'hex').toReversed()]).toString(
    'base64',
  );
}
