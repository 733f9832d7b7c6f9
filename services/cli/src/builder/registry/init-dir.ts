import { existsSync, mkdirSync, rmSync } from 'node:fs';
import type { Signer } from '#libs/attestation';
import { natsKeyText } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { formatCosignerVkey } from '#libs/tlog';
import { CommandError, EXIT } from '../../exit.js';
import { fileTrouble } from '../../file-trouble.js';
import { readPassphrase } from '../../keys/secret-key.js';
import { apiOf } from '../../round/api-of.js';
import { printData, printJson, say } from '../../terminal.js';
import { writeNew } from '../../write-file.js';
import { createKey } from '../create-key.js';
import { agentEnv } from './agent-env.js';
import { filesIn } from './builder-dir.js';
import { askCoordinatorLog } from './coordinator-key.js';

/** Options of `builder init --dir`, as its definition names them. */
export interface InitDirOptions {
  readonly dir: string;
  /** Null where none was named on the command line. */
  readonly joins: string | null;
  readonly passphraseFile?: string;
  readonly caFile?: string;
  readonly json?: true;
}

/**
 * Makes all that a builder needs in one folder: three keys, readable by their owner alone, and the
 * agent's configuration, or none of it. With a coordinator its log's key is pinned there.
 *
 * @throws CommandError usage, above all where one of the files exists
 */
export async function initBuilderDir(options: InitDirOptions): Promise<void> {
  const { dir, joins, passphraseFile = null, caFile = null } = options;
  const files = filesIn(dir);
  const old = [files.key, files.witnessKey, files.natsKey, files.config].find(existsSync);
  if (old !== undefined) {
    throw new CommandError(
      EXIT.usage,
      `${old} is there already`,
      'a key is never overwritten: name another folder, or go on with `builder enroll`',
    );
  }
  const passphrase = passphraseFile === null ? null : await readPassphrase(passphraseFile);
  // Before anything is made: what is misspelt leaves no half of a builder.
  const log = joins === null ? null : await askCoordinatorLog(apiOf({ coordinator: joins }));
  const coordinator = joins === null || log === null ? null : { url: joins, vkey: log.vkey };
  const text = agentEnv({ dir, coordinator, passphraseFile, caFile });
  const made: string[] = [];
  const make = (path: string): Signer => {
    const signer = createKey(path, passphrase);
    made.push(path);
    return signer;
  };
  try {
    const signer = make(files.key);
    const witness = make(files.witnessKey);
    const nats = make(files.natsKey);
    writeConfig(dir, files.config, text);
    print(options, { signer, witness, nats, vkey: log?.vkey ?? null });
  } catch (error) {
    // Half of a builder cannot enrol, and its keys, which nobody knows, would forbid to make it anew.
    for (const path of made) rmSync(path, { force: true });
    throw error;
  }
}

interface Made {
  readonly signer: Signer;
  readonly witness: Signer;
  readonly nats: Signer;
  readonly vkey: string | null;
}

function print({ dir, joins, json }: InitDirOptions, { signer, witness, nats, vkey }: Made): void {
  const entry = { builder: signer.id, publicKey: toBase64(signer.publicKey) };
  if (json === true) {
    printJson({
      ...entry,
      natsKey: natsKeyText(nats.publicKey),
      witness: { vkey: formatCosignerVkey(signer.id, witness.publicKey) },
      coordinatorVkey: vkey,
    });
  } else printData(JSON.stringify(entry));
  say(`three keys and builder-agent.env are in ${dir}: keep copies of the keys`);
  if (vkey !== null) say(`the coordinator's key is pinned; is it the group's? ${vkey}`);
  const where = joins ?? 'URL';
  say(`next: repro-quorum builder doctor --config ${filesIn(dir).config}`);
  say(`then: repro-quorum builder enroll --coordinator ${where} --dir ${dir} --operator-key FILE`);
}

function writeConfig(dir: string, path: string, text: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeNew(path, text, 0o600);
  } catch (cause) {
    throw new CommandError(EXIT.usage, `cannot write ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
}
