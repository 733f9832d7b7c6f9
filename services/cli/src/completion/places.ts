import type { Command, Option } from 'commander';

/** An option as a shell completes it. */
export interface CompletedOption {
  readonly long: string;
  /** One letter with its hyphen; null where it has none. */
  readonly short: string | null;
  readonly description: string;
  readonly takesValue: boolean;
  /** Empty where any value, such as a file, may follow. */
  readonly choices: readonly string[];
}

/** A command, and what may be typed after it. */
export interface Place {
  /** Empty for the program itself, else such as `/round/open`. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  /** What its first argument may be; empty where that is free. */
  readonly choices: readonly string[];
  /** Whether a round may be named. */
  readonly takesRound: boolean;
}

const ROUND_ARGUMENTS = ['round', 'subject'];

/** Lists a program and all its commands that are shown, with what may follow each. */
export function placesOf(program: Command): readonly Place[] {
  return [...below(program, '')];
}

function* below(command: Command, path: string): Generator<Place> {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const args = command.registeredArguments;
  yield {
    path,
    commands: commands.map((one) => ({ name: one.name(), description: one.description() })),
    options: [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
      .filter(({ long }) => long != null)
      .map(optionOf),
    choices: args[0]?.argChoices ?? [],
    takesRound: args.some((one) => ROUND_ARGUMENTS.includes(one.name())),
  };
  for (const one of commands) {
    // What explains commands has none of its own.
    if (one.name() !== 'help') yield* below(one, `${path}/${one.name()}`);
  }
}

function optionOf(option: Option): CompletedOption {
  const { long, short, description, required, optional, argChoices } = option;
  return {
    long: long ?? '',
    short: short ?? null,
    description,
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}

/** The words that a shell sees when an option is given at a place: `/report --format`. */
export function optionWords(
  { path, options }: Place,
  of: CompletedOption[] | null = null,
): string[] {
  return (of ?? options.filter(({ takesValue }) => takesValue)).flatMap(({ long, short }) => [
    `${path} ${long}`,
    ...(short === null ? [] : [`${path} ${short}`]),
  ]);
}
