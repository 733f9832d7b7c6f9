import type { Experiment } from '#libs/attestation';
import { parseThreshold } from '#libs/consensus';
import { OpenRound, OpenRoundAnswer, ROUTES } from '#libs/contracts';
import { asCommitId } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { groupIds } from '../groups/groups.js';
import { finishWith } from '../report/print.js';
import { printData, printJson, say } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';
import { apiOf, type AskOptions } from './api-of.js';
import { askOf } from './ask.js';
import { idsIn } from './builder-ids.js';
import { experimentOf } from './experiment.js';
import { watchRound } from './watch.js';

const MAX_DEADLINE_SECONDS = 30 * 86_400;

/** Options of `round open`, as its definition names them. */
export interface OpenOptions extends AskOptions {
  readonly commit?: string;
  readonly threshold?: string;
  readonly deadline?: string;
  readonly builders?: string;
  readonly ask?: string;
  readonly groups?: string;
  readonly notBlind?: true;
  readonly watch?: true;
  readonly experiment?: string;
}

/** Opens a round; what a proposal without a build says is printed at once. */
export async function openRound(proposal: string | undefined, options: OpenOptions): Promise<void> {
  const api = apiOf(options);
  const experiment = await experimentOf(options.experiment);
  const request = requestOf(proposal, options, experiment);
  const answer = await api.post(ROUTES.rounds, request, OpenRoundAnswer);
  if (answer.kind !== 'opened') {
    finishWith(answer.report, options);
    return;
  }
  if (options.watch === true) {
    say(`opened round ${answer.round.slice(0, 12)}`);
    finishWith(await watchRound(api, answer.round), options);
    return;
  }
  if (options.json === true) printJson(answer);
  else printData(answer.round);
  say(`follow it with \`repro-quorum round watch ${answer.round.slice(0, 12)}\``);
}

/**
 * Checks what was typed and makes the request of it.
 *
 * @throws CommandError usage; ConsensusError, EncodingError, SelectionError
 */
export function requestOf(
  proposal: string | undefined,
  options: OpenOptions,
  experiment?: Experiment,
): OpenRound {
  const { commit, threshold, deadline, builders, ask, groups, notBlind } = options;
  if ([proposal, commit, experiment].filter((it) => it !== undefined).length !== 1) {
    throw new CommandError(
      EXIT.usage,
      'name a proposal, a commit or an experiment, one of them',
      'for example `round open 138000` or `round open --commit SHA`',
    );
  }
  if (experiment !== undefined && (threshold !== undefined || builders !== undefined)) {
    throw new CommandError(
      EXIT.usage,
      'an experiment names its one builder, and asks for no agreement',
      'leave --threshold and --builders out',
    );
  }
  if (groups !== undefined && (experiment ?? builders ?? ask) !== undefined) {
    throw new CommandError(
      EXIT.usage,
      'groups bring their members',
      'leave --builders, --ask and --experiment out',
    );
  }
  if (ask !== undefined && (experiment !== undefined || builders !== undefined)) {
    throw new CommandError(
      EXIT.usage,
      'builders are named or asked for, not both',
      'leave --builders or --ask out',
    );
  }
  if (proposal !== undefined && !/^\d{1,20}$/.test(proposal)) {
    throw new CommandError(EXIT.usage, `${JSON.stringify(proposal)} is not a proposal number`);
  }
  if (threshold !== undefined) parseThreshold(threshold);
  return {
    ...(proposal !== undefined && { proposal }),
    ...(commit !== undefined && { commit: asCommitId(commit) }),
    ...(experiment !== undefined && { experiment }),
    ...(threshold !== undefined && { threshold }),
    ...(deadline !== undefined && {
      deadlineSeconds: wholeNumber(deadline, '--deadline', 1, MAX_DEADLINE_SECONDS),
    }),
    ...(builders !== undefined && { builders: idsIn(builders) }),
    ...(ask !== undefined && { ask: askOf(ask) }),
    ...(groups !== undefined && { groups: groupIds(groups) }),
    ...(notBlind === true && { blind: false }),
  };
}
