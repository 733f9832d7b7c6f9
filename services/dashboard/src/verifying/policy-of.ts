import { parse } from 'yaml';
import { z } from 'zod';
import { PolicyFile } from '#libs/contracts';
import { EvidenceError, readAuditor, type Auditor } from '#libs/evidence';
import type { PolicyInput } from './protocol.js';
import { Refusal } from './refusal.js';

const ADVICE =
  'A policy needs the log’s verifier key, at least two operators, and how many of them have to agree. docs/auditor.md has the form.';
const MAX_POLICY_LENGTH = 1 << 20;

/**
 * Makes an auditor of what a reader typed and chose: the same that `repro-quorum verify` makes of the
 * same policy as a file.
 *
 * @throws Refusal with everything that is wrong with it
 */
export function auditorOf(input: PolicyInput): Auditor {
  const parsed = PolicyFile.safeParse(
    input.file.trim() === '' ? chosen(input) : fileOf(input.file),
  );
  if (!parsed.success) {
    throw new Refusal(`this is no policy:\n${z.prettifyError(parsed.error)}`, ADVICE);
  }
  try {
    return readAuditor(parsed.data);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw new Refusal(`this is no sound policy: ${cause.message}`, ADVICE, { cause });
  }
}

function chosen({ vkey, operators, threshold, witnesses, nnsRootKey }: PolicyInput): unknown {
  return {
    log: [vkey.trim()],
    threshold: threshold.trim(),
    operators: operators.map(({ operator, builders }) => ({ operator, builders })),
    ...(witnesses.trim() !== '' && { witnesses: `${witnesses.trim()}\n` }),
    ...(nnsRootKey.trim() !== '' && { nnsRootKey: nnsRootKey.trim() }),
  };
}

function fileOf(text: string): unknown {
  if (text.length > MAX_POLICY_LENGTH) throw new Refusal('this policy is too long', ADVICE);
  try {
    return parse(text, { prettyErrors: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal(`this is not YAML:\n${why}`, ADVICE, { cause });
  }
}
