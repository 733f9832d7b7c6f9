import { plain } from '#libs/contracts';
import { entryName, shownEntries } from './entry-files.js';
import type { ExportedRound } from './exported-round.js';
import type { ExportFiles } from './export-files.js';

/** Writes what is in the folder, and what to type for each tool. */
export function readmeText(exported: ExportedRound, files: ExportFiles): string {
  const shown = shownEntries(exported);
  const name = shown[0] === undefined ? '0000-result' : entryName(shown[0]);
  return [
    ...headOf(exported),
    ...section('All of it', [
      'repro-quorum verify bundle.jsonl --policy POLICY.yaml',
      '',
      'The log key in log.vkey came from the coordinator: hold it against one from elsewhere.',
    ]),
    ...section('Who signed what', [
      ...shown.map((entry) => `${entryName(entry)}  ${plain(entry.operator ?? 'coordinator', 80)}`),
    ]),
    ...section('openssl 3', [
      `openssl pkeyutl -verify -rawin -pubin -inkey openssl/${name}.pem -in openssl/${name}.pae -sigfile openssl/${name}.sig`,
    ]),
    ...section('signify (Debian: signify-openbsd)', [
      `signify-openbsd -V -p signify/${name}.pub -x signify/${name}.sig -m openssl/${name}.pae`,
    ]),
    ...inTotoSection(files),
    ...section('@sigstore/verify 4', [
      `sigstore/${name}.sigstore.json with sigstore/trusted_root.json and the key openssl/${name}.pem under the bundle's hint;`,
      'options: tlogThreshold 1, ctlogThreshold 0, timestampThreshold 0.',
      'Version 3 checks the signature alone (tlogThreshold 0, and a bundle without tlogEntries):',
      'it takes the digest in our log entries to be the payload’s, which is not what is signed.',
    ]),
    ...section('golang.org/x/mod/sumdb (note, tlog)', [
      'note.Open with log.vkey on the checkpoint below the blank line of attestations/*.tlog-proof,',
      'tlog.CheckRecord with the hashes above it.',
    ]),
    ...jointSection(exported),
  ].join('\n');
}

function headOf({ round, report }: ExportedRound): string[] {
  return [
    `Round ${round}`,
    plain(report.headline, 1000),
    '',
    'bundle.jsonl    all evidence in one file; everything else here is made of it, for other tools',
    'attestations/   every logged envelope (DSSE), and its proof of inclusion (C2SP tlog-proof)',
    'openssl/        the signed bytes (PAE), the raw signature, the key',
    'signify/        the same signatures as OpenBSD’s signify reads them',
    'sigstore/       Sigstore bundles v0.3 with our log’s entry, and the trusted root of that log',
    'in-toto/        links of the old form, by builders that agree',
    'joint.dsse.json the verdict under the signatures of all builders that countersigned it',
    '',
    'A key is worth what you know of it: whose keys count is for you to say.',
  ];
}

function inTotoSection(files: ExportFiles): string[] {
  const hasLinks = [...files.keys()].some((path) => path.endsWith('.link'));
  if (!hasLinks)
    return section('in-toto', ['No builders agree on what was asked: there are no links.']);
  return section('in-toto 1 (Debian: in-toto)', [
    ...(files.has('in-toto/root.layout')
      ? []
      : [
          'Export again with --layout-key KEY.pem, a key of your own, for root.layout and auditor.pub.',
        ]),
    '(cd in-toto && in-toto-verify --layout root.layout --layout-keys auditor.pub --key-types ed25519)',
    'It counts one key of each operator, and wants all links in the folder to be equal: those of',
    'builders that disagree are not here. They are in bundle.jsonl.',
  ]);
}

function jointSection({ joint }: ExportedRound): string[] {
  if (joint === null)
    return section('Joint statement', ['Nobody has countersigned the verdict yet.']);
  return section('Joint statement', [
    `joint.dsse.json has ${joint.signatures.length} signatures over one payload: any DSSE verifier that counts`,
    'keys checks t of n with it. Its payload is the verdict as the coordinator logged it.',
  ]);
}

function section(title: string, lines: readonly string[]): string[] {
  return ['', '', title, '-'.repeat(title.length), ...lines, ''].filter(
    (line, at, all) => at < all.length - 1 || line !== '',
  );
}
