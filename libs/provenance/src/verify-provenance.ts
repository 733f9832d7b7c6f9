import { readBundle } from './bundle.js';
import { listBundles } from './bundle-list.js';
import { readClaims } from './claims.js';
import { mostTelling, Refusal } from './refusal.js';
import { toQuestion, type ProvenanceRequest, type Question } from './request.js';
import { checkRun } from './run.js';
import { verifySignature } from './signature.js';
import { checkSubject, readSubjects } from './statement.js';
import { readTrustedRoots, type TrustedRoot } from './trusted-root.js';
import type { ConfirmedProvenance, ProvenanceVerdict } from './verdict.js';

/**
 * Verifies offline that GitHub Actions built a checksum file of a release from its commit. The first
 * bundle that holds in every point is enough; if none does, the reason is that of the bundle that
 * held longest. How many witnesses a signature needs is the trusted root's to say, and nobody's to
 * lower. No clock is asked: a certificate has to have been valid when it was used.
 *
 * @throws ProvenanceError BAD_REQUEST, BAD_TRUSTED_ROOT, TOO_LARGE
 * Source: dfinity/ic ci/scripts/fetch-attested-sums.sh@3318d138; Sigstore client specification
 */
export function verifyProvenance(request: ProvenanceRequest): ProvenanceVerdict {
  const question = toQuestion(request);
  const roots = readTrustedRoots(request.trustedRoot);
  const refusals: Refusal[] = [];
  for (const candidate of listBundles(request.bundles)) {
    const outcome =
      candidate instanceof Refusal ? candidate : examine(candidate.json, roots, question);
    if (!(outcome instanceof Refusal)) return outcome;
    refusals.push(outcome);
  }
  const [first, ...rest] = refusals;
  if (first === undefined) return { state: 'absent' };
  const { code, message } = mostTelling([first, ...rest]);
  return {
    state: 'refused',
    code,
    message,
    refusals: refusals.map((refusal) => ({ code: refusal.code, message: refusal.message })),
  };
}

function examine(
  json: unknown,
  roots: readonly TrustedRoot[],
  question: Question,
): ConfirmedProvenance | Refusal {
  try {
    const bundle = readBundle(json);
    const { certificate, witness } = verifySignature(bundle, roots);
    const claims = readClaims(bundle.certificate);
    const subjects = readSubjects(bundle);
    const run = checkRun(claims, question);
    checkSubject(subjects, question);
    return {
      state: 'confirmed',
      subject: question.subjectName,
      facts: {
        ...run,
        commit: question.commit,
        issuer: question.policy.issuer,
        trigger: claims.trigger ?? null,
        runUrl: claims.runUrl ?? null,
        runner: claims.runner ?? null,
        certificate: {
          serialNumber: certificate.serialNumber.toLowerCase(),
          notBefore: certificate.validFromDate.toISOString(),
          notAfter: certificate.validToDate.toISOString(),
        },
        witness,
      },
    };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
