import { describePublicFacts, unknownBuild } from '#libs/fingerprint';
import { publicEnvironment } from './build/environment.js';
import type { Config } from './config.js';
import { measure } from './preflight/machine.js';

const EXAMPLE_ROUND = '0'.repeat(64);

/** What may be asked of a build once its result is public, and with which setting. */
const ANSWERS: Readonly<Record<Config['EXPLAIN'], readonly string[]>> = {
  off: ['Nothing is answered about what is inside of what this machine builds (EXPLAIN=off).'],
  pages: [
    'Once a result is public, whoever coordinates may ask what is inside of what was built, and publish it:',
    '',
    '  names, owners, times, sizes and digests of all files, as the build wrote them, nothing masked',
    '',
    'No bytes of files are given out (EXPLAIN=pages). To answer nothing, set EXPLAIN=off.',
  ],
  bytes: [
    'Once a result is public, whoever coordinates may ask what is inside of what was built, and publish it:',
    '',
    '  names, owners, times, sizes and digests of all files, as the build wrote them, nothing masked',
    '  bytes of any file; in them the host name, the user name, the home and the folders of this agent',
    '  are masked, and which of them stood there is told',
    '',
    'To give out no bytes, set EXPLAIN=pages; to answer nothing, EXPLAIN=off.',
  ],
};

/** What becomes of the logs of builds, and with which setting. */
const LOGS: Readonly<Record<Config['SHOW_LOGS'], readonly string[]>> = {
  no: ['Logs of builds are not shown (SHOW_LOGS=no); results name their digests.'],
  yes: [
    'The log of a build is shown, too, once its result is public, and while it is built in a round that is',
    'not blind. In it the host name, user names, addresses and the folders of this agent are masked; what',
    'else the build prints is not. To show none, set SHOW_LOGS=no.',
  ],
};

/**
 * Shows what a signed result makes public for ever: every fact, as it would leave this machine, which
 * facts leave as digests or not at all, and what will be answered about what was built.
 */
export async function describePublication(
  config: Config,
  base: Readonly<NodeJS.ProcessEnv>,
): Promise<string> {
  const facts = { ...(await measure(config, base)), ...unknownBuild };
  const lines = describePublicFacts(publicEnvironment(facts, EXAMPLE_ROUND, config.WITHHELD_FACTS));
  return [
    'Each signed result makes these facts about this machine public, and they stay public for ever:',
    '',
    ...lines.map((line) => `  ${line}`),
    '',
    'Digests can be compared within a round, and guessed by who knows what to guess.',
    'Keep facts back with WITHHELD_FACTS=name,name.',
    '',
    ...ANSWERS[config.EXPLAIN],
    '',
    ...LOGS[config.SHOW_LOGS],
    '',
    'To agree, set PUBLICATION_CONSENT=yes.',
    '',
  ].join('\n');
}
