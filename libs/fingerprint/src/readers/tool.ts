import { execa } from 'execa';
import { attempt } from '../attempt.js';
import type { Looking, ToolName } from '../request.js';

/** What a program answered, `absent` when there is no such program, `null` when it did not answer. */
export type ToolAnswer = { readonly output: string; readonly exitCode: number } | 'absent' | null;

/** Asks a program a short question, in the build's own search path. */
export async function askTool(
  tool: ToolName,
  args: readonly string[],
  { commands, env, home, timeoutMs }: Looking,
): Promise<ToolAnswer> {
  return attempt(timeoutMs, async () => {
    const result = await execa(commands?.[tool] ?? tool, args, {
      // A fixed locale, so that a version reads the same everywhere; nothing else gets through.
      env: { PATH: env['PATH'] ?? '', HOME: home, LC_ALL: 'C' },
      extendEnv: false,
      stdin: 'ignore',
      stderr: 'ignore',
      cwd: '/',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 10_000,
      reject: false,
    });
    if (result.code === 'ENOENT') return 'absent';
    // systemd-detect-virt says "none" with exit code 1, so the code alone means no failure.
    const { exitCode, stdout } = result;
    return exitCode === undefined ? null : { output: stdout, exitCode };
  });
}
