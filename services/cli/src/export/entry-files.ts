import {
  commitmentOf,
  pemOf,
  preAuthEncoding,
  signatureOf,
  signifyPublicKey,
  signifySignature,
  sigstoreBundle,
  sigstoreTrustedRoot,
  type SigstoreLogEntry,
} from '#libs/attestation';
import { ed25519Verifier, logEntry, openCheckpoint, parseProofFile } from '#libs/tlog';
import type { ExportedEntry, ExportedRound } from './exported-round.js';
import { jsonText, type ExportFiles } from './export-files.js';

/** What other tools are given: who built what, and the verdict. */
const SHOWN: ReadonlySet<string> = new Set(['result', 'verdict']);

/** Names an entry in files: its log index and its kind. */
export function entryName({ index, kind }: Pick<ExportedEntry, 'index' | 'kind'>): string {
  return `${String(index).padStart(4, '0')}-${kind}`;
}

/** Lists the entries that are written in the forms of other tools. */
export function shownEntries({ entries }: ExportedRound): readonly ExportedEntry[] {
  return entries.filter(({ kind }) => SHOWN.has(kind));
}

/** Makes the files of every logged envelope; results and the verdict in all forms. */
export function entryFiles(exported: ExportedRound): ExportFiles {
  const files = new Map<string, string | Uint8Array>();
  for (const entry of exported.entries) {
    const path = `attestations/${entryName(entry)}`;
    files.set(`${path}.dsse.json`, jsonText(entry.envelope));
    if (entry.proof !== null) files.set(`${path}.tlog-proof`, entry.proof);
  }
  for (const entry of shownEntries(exported)) {
    const { envelope, publicKey, payload, operator } = entry;
    const name = entryName(entry);
    const comment = `${operator ?? 'coordinator'} ${name} of round ${exported.round.slice(0, 12)}`;
    const signature = signatureOf(envelope);
    files.set(
      `sigstore/${name}.sigstore.json`,
      jsonText(sigstoreBundle(envelope, publicKey, logged(entry, exported))),
    );
    files.set(`openssl/${name}.pae`, preAuthEncoding(envelope.payloadType, payload));
    files.set(`openssl/${name}.sig`, signature);
    files.set(`openssl/${name}.pem`, pemOf(publicKey));
    files.set(`signify/${name}.sig`, signifySignature(publicKey, signature, comment));
    files.set(`signify/${name}.pub`, signifyPublicKey(publicKey, comment));
  }
  files.set('sigstore/trusted_root.json', jsonText(trustedRoot(exported)));
  return files;
}

/** The entry in our log as Sigstore has it; null in the moment before its checkpoint is signed. */
function logged(entry: ExportedEntry, { log }: ExportedRound): SigstoreLogEntry | null {
  if (entry.proof === null) return null;
  const { index, proof, checkpoint: note } = parseProofFile(entry.proof);
  const verifiers = [ed25519Verifier(log.name, log.publicKey)];
  const { checkpoint } = openCheckpoint(note, verifiers, log.name);
  const { envelope, publicKey } = entry;
  const leaf = logEntry({
    paeSha256: commitmentOf(envelope),
    signature: signatureOf(envelope),
    publicKey,
  });
  return {
    ...{ index, proof, checkpoint: note, entry: leaf },
    treeSize: checkpoint.size,
    root: checkpoint.root,
    logKeyId: log.keyId,
  };
}

function trustedRoot({ log, open }: ExportedRound): object {
  return sigstoreTrustedRoot({
    origin: log.name,
    publicKey: log.publicKey,
    logKeyId: log.keyId,
    validFrom: open.openedAt,
  });
}
