import { readFile } from 'node:fs/promises';
import { evidenceFromJson, NnsError, type Evidence } from '#libs/nns';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';

const MAX_EVIDENCE_BYTES = 16 * 1024 ** 2;
const HINT =
  'expected proposals/ID.json, which `check -p ID` keeps in its cache folder, or what a coordinator answers to GET /v1/proposals/ID/evidence';

/**
 * Reads the evidence of a proposal from a file: bare, or as a coordinator and `check` keep it, beside
 * other things. Says nothing about its truth.
 *
 * @throws CommandError usage for what cannot be read, bad evidence for what has not its form
 */
export async function readEvidence(path: string): Promise<Evidence> {
  const json = await readJson(path);
  const isBeside = typeof json === 'object' && json !== null && 'evidence' in json;
  try {
    return evidenceFromJson(isBeside ? json.evidence : json);
  } catch (cause) {
    if (!(cause instanceof NnsError)) throw cause;
    throw new CommandError(
      EXIT.badEvidence,
      `${path} holds no evidence of a proposal: ${cause.message}`,
      HINT,
      { cause },
    );
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > MAX_EVIDENCE_BYTES) throw new Error('it is too large');
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (cause) {
    throw new CommandError(EXIT.usage, `cannot read ${path}: ${fileTrouble(cause)}`, HINT, {
      cause,
    });
  }
}
