import type { z } from 'zod';
import { Problem, PROBLEM_BASE } from '#libs/contracts';
import { CommandError, EXIT, type ExitCode } from './exit.js';

const TIMEOUT_MS = 120_000;

/** Problem types whose meaning is not "the request was wrong". */
const PROBLEM_EXITS: Readonly<Record<string, ExitCode>> = {
  uncertified: EXIT.badEvidence,
  'certificate-outdated': EXIT.badEvidence,
  'malformed-answer': EXIT.badEvidence,
  unreachable: EXIT.undecided,
  rejected: EXIT.undecided,
  internal: EXIT.undecided,
  'no-round-yet': EXIT.undecided,
};

/** The coordinator's HTTP API. */
export class Api {
  constructor(private readonly base: string) {}

  /** @throws CommandError with the exit code that the failure means */
  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.request(path, { method: 'GET' }));
  }

  /** @throws CommandError with the exit code that the failure means */
  async post<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const json = await this.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    return schema.parse(json);
  }

  private async request(path: string, init: RequestInit): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.base), {
        ...init,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new CommandError(
        EXIT.usage,
        `no coordinator answers at ${this.base}`,
        'start one with `./run up`, or name it with --coordinator URL',
        { cause },
      );
    }
    const json: unknown = await response.json().catch(() => null);
    if (response.ok) return json;
    const problem = Problem.safeParse(json);
    if (!problem.success) {
      throw new CommandError(EXIT.undecided, `the coordinator answered ${response.status}`);
    }
    const code = problem.data.type.slice(PROBLEM_BASE.length + 1);
    throw new CommandError(PROBLEM_EXITS[code] ?? EXIT.usage, `${code}: ${problem.data.detail}`);
  }
}
