import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { startChild, type Child } from '../stack/child.js';
import { entry } from '../stack/entry.js';
import type { Network } from './network.js';

/** What an operator has typed, and what came of it. */
export interface Typed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody with a machine, a home and the command line, and nothing else. */
export interface Operator {
  readonly home: string;
  /** Types a command, as the guide has it behind `repro-quorum`. */
  type(...args: readonly string[]): Promise<Typed>;
  /** Writes lines into the configuration that `builder init` made. */
  configure(settings: Readonly<Record<string, string>>): Promise<void>;
  /** Types `builder run`, with more variables set where there are any, and leaves it running. */
  run(more?: Readonly<Record<string, string>>): Child;
}

/** Where the operator's builder is, below the home. */
const FOLDER = 'builder';

/** Sits somebody down at the second machine. */
export async function seatOperator(
  network: Network,
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Operator> {
  await mkdir(join(home, 'tmp'), { recursive: true });
  const variables = {
    PATH: process.env['PATH'] ?? '',
    ...{ HOME: home, TMPDIR: join(home, 'tmp'), NO_COLOR: '1', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    ...env,
  };
  const command = (...args: readonly string[]) =>
    network.on([process.execPath, entry('cli'), ...args]);
  const config = join(home, FOLDER, 'builder-agent.env');
  return {
    home,
    type: async (...args) => {
      const { file, args: rest } = command(...args);
      const { exitCode, stdout, stderr } = await execa(file, rest, {
        ...{ cwd: home, env: variables, extendEnv: false, stdin: 'ignore' },
        ...{ reject: false, timeout: 90_000 },
      });
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    configure: async (settings) => {
      const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
      await appendFile(config, lines.join(''));
    },
    run: (more = {}) => {
      const { file, args } = command('builder', 'run', '--config', config);
      return startChild(file, args, {
        ...{ env: { ...variables, ...more }, cwd: home, logPath: join(home, 'agent.log') },
      });
    },
  };
}
