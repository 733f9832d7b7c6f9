import type { Command } from 'commander';
import { docPage } from '../doc-page.js';
import type { ExplainOptions } from '../explain/explain-options.js';

const AFTER = `
Two image files are taken apart and compared: which files in them differ, in what, and what
kind of thing that is. Nothing is mounted or extracted, and no privilege is needed.

Attestations tell which facts of the builders' machines go with what they got. Without
--roster a signature is verified where the key is at hand, as in a round's opening.

--round prints all that the coordinator has found out about a round that split.

Examples:
  repro-quorum explain --artifact mine/update-img.tar.zst theirs/update-img.tar.zst
  repro-quorum explain --roster roster.json said/ thread.txt
  repro-quorum explain --round ROUND

Exit codes: 0 explained as far as it can be; 2 wrong usage; 3 a file could not be taken apart;
4 an attestation is bad evidence. What the tables mean:
${docPage('explain')}`;

/** `explain`: why builds differ, from files alone or by a coordinator's word. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .summary('tell why builds differ')
    .description('tell why builds differ: by attestations, two image files, or a round')
    .argument('[attestation...]', 'envelopes, JSON lines, saved forum posts, or folders of them')
    .option('--artifact <file...>', 'two files that ought to be the same')
    .option('--roster <file>', 'whose attestations count: a roster file')
    .option('--round <round>', 'a round of a coordinator: id, beginning of one, or commit')
    .option('--temp-dir <dir>', 'where nested images are unpacked to for a while')
    .option('--no-diffoscope', 'do not have diffoscope look at files that differ')
    .addHelpText('after', AFTER)
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const { runExplain } = await import('../explain/run-explain.js');
      await runExplain(paths, command.optsWithGlobals<ExplainOptions>());
    });
}
