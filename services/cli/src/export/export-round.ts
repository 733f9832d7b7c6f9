import { readKey } from '../attest/key.js';
import { CommandError, EXIT } from '../exit.js';
import { apiOf, type AskOptions } from '../round/api-of.js';
import { roundOf } from '../round/subject.js';
import { printJson, say } from '../terminal.js';
import { writeWhole } from '../write-file.js';
import { entryFiles } from './entry-files.js';
import { bundlePath, fetchRound, type ExportedRound } from './exported-round.js';
import { joinFiles, jsonText, type ExportFiles } from './export-files.js';
import { linkFiles, type LayoutSigner } from './link-files.js';
import { readmeText } from './readme.js';
import { requireFile, requireFolder, writeFolder } from './write-folder.js';

/** Options of `round export`, as its definition names them. */
export interface ExportOptions extends AskOptions {
  readonly out?: string;
  readonly bundle?: string;
  readonly layoutKey?: string;
  readonly wholeLog?: true;
  readonly force?: true;
}

/**
 * Writes the evidence of a decided round: the bundle alone, or a folder with every form that others
 * read.
 *
 * @throws CommandError, AttestationError, TlogError
 */
export async function exportRound(subject: string, options: ExportOptions): Promise<void> {
  const { out, bundle, layoutKey, force = false } = options;
  if ((out === undefined) === (bundle === undefined)) {
    throw new CommandError(EXIT.usage, 'give --out DIR or --bundle FILE, one of them');
  }
  if (out !== undefined) requireFolder(out, force);
  if (bundle !== undefined) requireFile(bundle, force);
  const auditor = layoutKey === undefined ? null : await readKey(layoutKey);
  const api = apiOf(options);
  const round = await roundOf(api, subject);
  if (bundle !== undefined) {
    const bytes = await api.download(bundlePath(round, options.wholeLog));
    writeWhole(bundle, bytes, []);
    tell({ round, bundle }, options);
    return;
  }
  const exported = await fetchRound(api, round, options.wholeLog);
  const signing = auditor === null ? null : { auditor, now: new Date() };
  writeFolder(out ?? '', filesOf(exported, signing));
  tell({ round, out }, options);
}

/** Makes every file of the folder. */
export function filesOf(exported: ExportedRound, signing: LayoutSigner | null): ExportFiles {
  const { bundle, vkey, joint } = exported;
  const files = joinFiles([
    new Map<string, string | Uint8Array>([
      ['bundle.jsonl', bundle],
      ['log.vkey', `${vkey}\n`],
    ]),
    entryFiles(exported),
    linkFiles(exported, signing),
    new Map(joint === null ? [] : [['joint.dsse.json', jsonText(joint)]]),
  ]);
  return joinFiles([files, new Map([['README.txt', readmeText(exported, files)]])]);
}

function tell(
  { round, out, bundle }: { round: string; out?: string | undefined; bundle?: string },
  { json }: ExportOptions,
): void {
  if (json === true) printJson({ round, ...(out === undefined ? { bundle } : { out }) });
  else say(`the evidence of round ${round.slice(0, 12)} is in ${out ?? bundle ?? ''}`);
}
