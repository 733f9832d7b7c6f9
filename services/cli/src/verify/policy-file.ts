import { parse } from 'yaml';
import { z } from 'zod';
import { PolicyFile } from '#libs/contracts';
import { EvidenceError, readAuditor, type Auditor } from '#libs/evidence';
import { docPage } from '../doc-page.js';
import { CommandError, EXIT } from '../exit.js';
import { readText } from '../read-file.js';

const HINT = `${docPage('auditor')} has the form and examples`;

/**
 * Reads an auditor's policy, in YAML or JSON.
 *
 * @throws CommandError usage, with every problem listed
 */
export async function readPolicyFile(path: string): Promise<Auditor> {
  const text = await readText(path);
  let value: unknown;
  try {
    value = parse(text, { prettyErrors: true });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(EXIT.usage, `${path} is not YAML:\n${detail}`, HINT, { cause });
  }
  const parsed = PolicyFile.safeParse(value);
  if (!parsed.success) {
    const problems = z.prettifyError(parsed.error);
    throw new CommandError(EXIT.usage, `${path} is not a policy:\n${problems}`, HINT);
  }
  try {
    return readAuditor(parsed.data);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw new CommandError(EXIT.usage, `${path} is no sound policy: ${cause.message}`, HINT, {
      cause,
    });
  }
}
