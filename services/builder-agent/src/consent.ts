import { describePublicFacts, unknownBuild } from '#libs/fingerprint';
import { publicEnvironment } from './build/environment.js';
import type { Config } from './config.js';
import { measure } from './preflight/machine.js';

const EXAMPLE_ROUND = '0'.repeat(64);

/**
 * Shows what a signed result makes public for ever: every fact, as it would leave this machine, and
 * which facts leave as digests or not at all.
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
    'Keep facts back with WITHHELD_FACTS=name,name. To agree, set PUBLICATION_CONSENT=yes.',
    '',
  ].join('\n');
}
