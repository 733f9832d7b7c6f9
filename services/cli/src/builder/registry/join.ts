import { existsSync } from 'node:fs';
import {
  builderApplicationStatement,
  Contact,
  signStatement,
  Tags,
  type BuilderApplication,
} from '#libs/attestation';
import { Enrolled, InviteToken, ROUTES, type Enrol } from '#libs/contracts';
import { CommandError, EXIT } from '../../exit.js';
import { readNewKeys } from '../../keys/new-keys.js';
import { recordText } from '../../keys/record-text.js';
import { apiOf, type AskOptions } from '../../round/api-of.js';
import { printData, printJson, say } from '../../terminal.js';
import { wholeNumber } from '../../whole-number.js';
import { applicationText } from './application-text.js';
import { filesIn, withKeyFiles, type KeyPlaceOptions } from './builder-dir.js';
import { measureCapabilities } from './capabilities.js';
import { withConfig } from './config-file.js';
import { askCoordinatorLog, pinCoordinator, requirePinned } from './coordinator-key.js';
import { enrolmentOf, type EnrolmentOptions } from './enrolment.js';
import { hoursOf } from './hours.js';

/** Options of `builder enroll --coordinator`, as its definition names them. */
export interface JoinOptions extends AskOptions, EnrolmentOptions, KeyPlaceOptions {
  readonly invite?: string;
  readonly tags?: string;
  readonly contact?: string;
  readonly slots?: string;
  readonly hours?: string;
}

/**
 * Asks a coordinator to have this builder: sends the operator's record of its keys, and what this
 * machine is. Done again it sends the same record, and what the machine is by then.
 *
 * @throws CommandError with the exit code that the failure means
 */
export async function joinCoordinator(
  given: JoinOptions,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<void> {
  const options = withKeyFiles(given);
  const own = options.dir === undefined ? null : filesIn(options.dir);
  const keys = await readNewKeys(options);
  const invite = inviteOf(options.invite);
  const api = apiOf({ coordinator: options.coordinator });
  const log = await askCoordinatorLog(api);
  if (own !== null) await requirePinned(log, own.config);
  const enrolment = await enrolmentOf(options, own?.enrolment ?? null, keys);
  const config = own !== null && existsSync(own.config) ? own.config : null;
  const machine = await withConfig(config, environment);
  const application: BuilderApplication = {
    coordinator: log.origin,
    builder: enrolment.event.said.builder,
    publicKey: keys.keys.attestation,
    capabilities: await measureCapabilities(
      {
        slots: wholeNumber(options.slots ?? '1', '--slots', 1, 64),
        exclusiveHours: hoursOf(options.hours),
      },
      machine,
    ),
    tags: tagsOf(options.tags),
    contact: contactOf(options.contact),
    at: new Date().toISOString(),
  };
  const statement = builderApplicationStatement(application);
  const enrol: Enrol = {
    enrolment: enrolment.envelope,
    application: signStatement(statement, keys.signers.attestation),
    ...(invite !== null && { invite }),
  };
  if (options.json !== true) {
    printData([recordText(enrolment.event), applicationText(application)].join('\n'));
  }
  say(
    'the record becomes public for ever once the builder is approved; contact stays with the group',
  );
  const enrolled = await api.post(ROUTES.enrolments, enrol, Enrolled);
  say(`builder ${enrolled.builder} is ${enrolled.status}`);
  say(`next: ${enrolled.next}`);
  if (config !== null) await pinCoordinator({ url: options.coordinator, vkey: log.vkey }, config);
  if (options.json === true) printJson({ ...enrolled, application });
}

function tagsOf(text: string | undefined): string[] {
  const list = (text ?? '').split(',').flatMap((tag) => tag.trim() || []);
  const parsed = Tags.safeParse(list);
  if (parsed.success) return parsed.data;
  throw new CommandError(
    EXIT.usage,
    '--tags takes at most 16 different words of lower-case letters, digits and hyphens, separated by commas',
  );
}

function contactOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const parsed = Contact.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new CommandError(EXIT.usage, '--contact takes 1 to 200 characters on one line');
}

function inviteOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const parsed = InviteToken.safeParse(text.trim());
  if (parsed.success) return parsed.data;
  throw new CommandError(EXIT.usage, '--invite takes a word such as rqi_…, as the group gave it');
}
