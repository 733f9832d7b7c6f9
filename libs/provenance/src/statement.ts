import { quote } from '#libs/encoding';
import { z } from 'zod';
import type { SignedBundle } from './bundle.js';
import { Refusal } from './refusal.js';
import type { Question } from './request.js';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1';
const MAX_SUBJECTS = 4096;

const Statement = z.object({
  _type: z.literal(STATEMENT_TYPE),
  predicateType: z.literal(PREDICATE_TYPE),
  subject: z
    .array(
      z.object({
        name: z.string().optional(),
        digest: z.object({ sha256: z.string().optional() }),
      }),
    )
    .max(MAX_SUBJECTS),
});

/** A file that was attested. */
export interface Subject {
  readonly name?: string | undefined;
  readonly digest: { readonly sha256?: string | undefined };
}

/**
 * Reads which files a signed envelope is about; its predicate is not looked at, since all that
 * counts in it stands in the certificate, where GitHub has vouched for it.
 *
 * @throws Refusal wrong-statement
 * Source: in-toto Statement v1; SLSA provenance v1
 */
export function readSubjects({ payloadType, payload }: SignedBundle): readonly Subject[] {
  if (payloadType !== PAYLOAD_TYPE) {
    throw new Refusal('wrong-statement', `envelope holds ${quote(payloadType)}, not a statement`);
  }
  const { success, data } = Statement.safeParse(parse(payload));
  if (success) return data.subject;
  const expected = `an in-toto statement v1 with predicate ${PREDICATE_TYPE}`;
  throw new Refusal('wrong-statement', `envelope is signed, but does not hold ${expected}`);
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}

/**
 * Checks that the file was attested under its own name. One attestation covers all files of a build;
 * without the name, whoever writes to the CDN could serve the checksum file of one directory in
 * another.
 *
 * @throws Refusal wrong-digest, ambiguous-subject, wrong-subject-name
 * Source: dfinity/ic ci/scripts/fetch-attested-sums.sh@3318d138
 */
export function checkSubject(subjects: readonly Subject[], question: Question): void {
  const { subjectName, sha256 } = question;
  const attested = subjects.filter(({ name }) => name === subjectName);
  const elsewhere = subjects.find(({ digest }) => digest.sha256 === sha256);
  const other = attested.find(({ digest }) => digest.sha256 !== sha256);
  if (elsewhere === undefined) {
    const instead = other && `, but ${quote(other.digest.sha256 ?? 'no sha256')}`;
    const message = `${quote(subjectName)} was not attested as ${quote(sha256)}${instead ?? ''}`;
    throw new Refusal('wrong-digest', message);
  }
  if (attested.length === 0) {
    const name = quote(elsewhere.name ?? '');
    const message = `${quote(sha256)} was attested as ${name}, not as ${quote(subjectName)}`;
    throw new Refusal('wrong-subject-name', message);
  }
  if (other !== undefined) {
    const message = `${quote(subjectName)} was attested with more than one digest`;
    throw new Refusal('ambiguous-subject', message);
  }
}
