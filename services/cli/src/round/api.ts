import { z } from 'zod';
import { Problem, PROBLEM_BASE } from '#libs/contracts';
import { CommandError, EXIT, type ExitCode } from '../exit.js';
import { nextStep } from './next-step.js';
import { Silence } from './silence.js';

const TIMEOUT_MS = 120_000;
/** What a proxy answers while the coordinator behind it starts again. */
const AWAY = [502, 503, 504];

/** Problem types whose meaning is not "the request was wrong". */
const PROBLEM_EXITS: Readonly<Record<string, ExitCode>> = {
  uncertified: EXIT.badEvidence,
  'certificate-outdated': EXIT.badEvidence,
  'malformed-answer': EXIT.badEvidence,
  unreachable: EXIT.undecided,
  rejected: EXIT.undecided,
  internal: EXIT.undecided,
  'no-round-yet': EXIT.undecided,
  'round-not-final': EXIT.undecided,
  'no-explanation': EXIT.undecided,
};

/** Where a request with a token is sent, it stays. */
const CHANGE = { redirect: 'error' } as const;

/** Nobody answers at the coordinator's address, now. */
export class CoordinatorAway extends CommandError {
  constructor(base: string, why: string, options?: ErrorOptions) {
    super(
      EXIT.usage,
      `no coordinator answers at ${base}${why}`,
      'name one with --coordinator URL or REPRO_QUORUM_COORDINATOR; in a checkout `./run up` starts one',
      options,
    );
  }
}

/** The coordinator's HTTP API. */
export class Api {
  private readonly base: URL;

  /**
   * @param token - finds the token that changes are asked for with; nothing needs one by default
   * @throws CommandError usage when the address is none
   */
  constructor(
    base: string,
    private readonly token: (coordinator: URL) => Promise<string | null> = async () =>
      Promise.resolve(null),
  ) {
    const url = URL.parse(base.endsWith('/') ? base : `${base}/`);
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      throw new CommandError(
        EXIT.usage,
        `${JSON.stringify(base)} is not the address of a coordinator`,
        'expected a URL such as http://127.0.0.1:3000',
      );
    }
    this.base = url;
  }

  /** @throws CommandError with the exit code that the failure means */
  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.request(path, { method: 'GET' }, schema);
  }

  /** @throws CommandError with the exit code that the failure means */
  async post<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    const headers = { 'content-type': 'application/json', ...(await this.asMember()) };
    return this.request(
      path,
      { ...CHANGE, method: 'POST', headers, body: JSON.stringify(body) },
      schema,
    );
  }

  /** @throws CommandError with the exit code that the failure means */
  async put<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    const headers = { 'content-type': 'application/json', ...(await this.asMember()) };
    return this.request(
      path,
      { ...CHANGE, method: 'PUT', headers, body: JSON.stringify(body) },
      schema,
    );
  }

  /** @throws CommandError with the exit code that the failure means */
  async delete<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const headers = { 'content-type': 'application/json', ...(await this.asMember()) };
    return this.request(path, { ...CHANGE, method: 'DELETE', headers, body: '{}' }, schema);
  }

  /**
   * Reads what is not public. A token is sent nowhere else than where it has to be.
   *
   * @throws CommandError with the exit code that the failure means
   */
  async getAsMember<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.request(path, { ...CHANGE, headers: await this.asMember() }, schema);
  }

  /**
   * Fetches what is no JSON, as it is served.
   *
   * @throws CommandError with the exit code that the failure means
   */
  async download(path: string): Promise<Uint8Array> {
    const { status, ok, bytes } = await this.exchange(path, { method: 'GET' });
    if (ok) return bytes;
    throw this.refusal(status, jsonOf(bytes));
  }

  /**
   * Opens what is sent as it happens, without end. It is given up where nothing comes for
   * 60 seconds, not even the coordinator's sign of life. Null where nothing is told this way.
   */
  async stream(path: string): Promise<AsyncIterable<Uint8Array> | null> {
    const silence = new Silence();
    try {
      const response = await fetch(new URL(path, this.base), {
        headers: { accept: 'text/event-stream' },
        signal: silence.signal,
      });
      if (response.status === 200 && response.body !== null) return silence.watch(response.body);
      await response.body?.cancel();
    } catch {
      // Whoever asks next is told why nobody answers.
    }
    silence.end();
    return null;
  }

  private async asMember(): Promise<Readonly<Record<string, string>>> {
    const token = await this.token(this.base);
    return token === null ? {} : { authorization: `Bearer ${token}` };
  }

  private async request<T>(path: string, init: RequestInit, schema: z.ZodType<T>): Promise<T> {
    const { status, ok, bytes } = await this.exchange(path, init);
    const json = jsonOf(bytes);
    if (ok) {
      const parsed = schema.safeParse(json);
      if (parsed.success) return parsed.data;
      throw new CommandError(
        EXIT.undecided,
        `the answer of ${this.base.href} is not a coordinator's:\n${z.prettifyError(parsed.error)}`,
        'is it another program, or a coordinator of another version?',
      );
    }
    throw this.refusal(status, json);
  }

  private refusal(status: number, json: unknown): CommandError {
    const problem = Problem.safeParse(json);
    if (problem.success) {
      const code = problem.data.type.slice(PROBLEM_BASE.length + 1);
      return new CommandError(
        PROBLEM_EXITS[code] ?? EXIT.usage,
        `${code}: ${problem.data.detail}`,
        nextStep(code, status),
      );
    }
    if (AWAY.includes(status)) return new CoordinatorAway(this.base.href, `: status ${status}`);
    return new CommandError(EXIT.undecided, `${this.base.href} answered with status ${status}`);
  }

  private async exchange(
    path: string,
    init: RequestInit,
  ): Promise<{ status: number; ok: boolean; bytes: Uint8Array }> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(new URL(path, this.base), {
        ...init,
        signal,
      });
      return { status: response.status, ok: response.ok, bytes: await response.bytes() };
    } catch (cause) {
      const isTimeout = cause instanceof Error && cause.name === 'TimeoutError';
      const why = isTimeout ? ` within ${TIMEOUT_MS / 1000} s` : '';
      throw new CoordinatorAway(this.base.href, why, { cause });
    }
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
