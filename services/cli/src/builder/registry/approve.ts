import { BuilderApplicationView, Ordered, ROUTES, type ApproveBuilder } from '#libs/contracts';
import { CommandError, EXIT } from '../../exit.js';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { idsIn } from '../../round/builder-ids.js';
import { printData, printJson, say } from '../../terminal.js';
import { askYes } from '../doctor/ask.js';
import { applicantText } from './application-text.js';

/** Options of `builder approve`, as its definition names them. */
export interface ApproveOptions extends AskOptions {
  readonly yes?: true;
}

/**
 * Shows who asks to join, and approves exactly that.
 *
 * @throws CommandError with the exit code that the failure means
 */
export async function approveBuilder(id: string, options: ApproveOptions): Promise<void> {
  const [builder = id] = idsIn(id);
  const api = apiOf(options);
  const path = `${ROUTES.builders}/${builder}`;
  const { builder: view, contact } = await api.getAsMember(
    `${path}/application`,
    BuilderApplicationView,
  );
  if (options.json !== true) printData(applicantText(view, contact));
  if (options.yes !== true && !(await agrees())) {
    throw new CommandError(EXIT.usage, 'nothing was approved', '--yes approves what is shown');
  }
  // As it was shown: whoever sends another application meanwhile is not approved by this.
  const seen: ApproveBuilder = { operator: view.operator.id, appliedAt: view.appliedAt };
  const ordered = await api.post(`${path}/approve`, seen, Ordered);
  say(
    ordered.isChanged
      ? `builder ${builder} is ${ordered.status}: its keys are in the log, and NATS lets it in`
      : `builder ${builder} was ${ordered.status} already`,
  );
  if (options.json === true) printJson(ordered);
}

async function agrees(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  return askYes('let this builder in, and its operator?');
}
