import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createProgram } from './program.js';
import { reachedBy } from './reached.fixture.js';

const ASKS = /\bapiOf\(/;
/** The coordinator is asked by the command's own options, and as a member. */
const BY_OPTIONS = /\bapiOf\(options\)/;
const AS_MEMBER = /\.(post|put|getAsMember)\(|\b(api|apiOf\(\w+\))\.delete\(/;

interface Acting {
  readonly path: string;
  readonly options: readonly (string | undefined)[];
  /** Source of what it does. */
  readonly reached: string;
}

/** All commands that are shown and do something. */
function actingCommands(): readonly Acting[] {
  const actions = new Map<Command, string>();
  vi.spyOn(Command.prototype, 'action').mockImplementation(function (this: Command, action) {
    actions.set(this, action.toString());
    return this;
  });
  createProgram({});
  return [...actions].flatMap(([command, action]) => {
    const help = command.createHelp();
    if (command.parent === null || !help.visibleCommands(command.parent).includes(command))
      return [];
    const options = help.visibleGlobalOptions(command).map(({ long }) => long ?? undefined);
    return [{ path: pathOf(command), options, reached: reachedBy(action) }];
  });
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null ? '' : `${pathOf(parent)} ${command.name()}`.trim();
}

const showing = (option: string): readonly string[] =>
  actingCommands().flatMap(({ path, options }) => (options.includes(option) ? [path] : []));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the help of a command', () => {
  test('shows --coordinator where a coordinator is asked, and nowhere else', () => {
    const asking = actingCommands().flatMap(({ path, reached }) =>
      ASKS.test(reached) ? [path] : [],
    );
    expect(asking).toContain('builder withdraw');
    expect(showing('--coordinator')).toEqual(asking);
  });

  test('shows --token-file where a token is taken, and nowhere else', () => {
    const taking = actingCommands().flatMap(({ path, reached }) =>
      BY_OPTIONS.test(reached) && AS_MEMBER.test(reached) ? [path] : [],
    );
    expect(taking).toContain('round cancel');
    expect(showing('--token-file')).toEqual(taking);
  });
});
