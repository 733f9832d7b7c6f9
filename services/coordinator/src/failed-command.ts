import { inspect } from 'node:util';
import { ConfigError, isMachineRefusal } from '#libs/platform';

const EXIT = { usage: 2, badEvidence: 4 };

type ErrorClass = abstract new (...args: never) => Error;

/** What the errors of a command mean. */
export interface FailureKinds {
  /** Besides a configuration that is not usable: what nothing could be checked for. */
  readonly usage?: readonly ErrorClass[];
  /** What was checked, and is bad. */
  readonly badEvidence?: readonly ErrorClass[];
  /** What is told of an error that was foreseen; its message otherwise. */
  readonly say?: (error: Error) => string;
}

/** Ends a command with an error: tells it on stderr, whole where nobody foresaw it, and sets the exit code. */
export function failCommand(command: string, error: unknown, kinds: FailureKinds = {}): void {
  const { usage = [], badEvidence = [], say = ({ message }) => message } = kinds;
  const isOne = (types: readonly ErrorClass[]): boolean =>
    types.some((type) => error instanceof type);
  const isBad = isOne(badEvidence);
  const isForeseen = isBad || isMachineRefusal(error) || isOne([ConfigError, ...usage]);
  const text = isForeseen && error instanceof Error ? say(error) : inspect(error);
  process.stderr.write(`${command}: ${text}\n`);
  process.exitCode = isBad ? EXIT.badEvidence : EXIT.usage;
}
