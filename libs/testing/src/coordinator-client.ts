import {
  OpenRoundAnswer,
  Problem,
  PROBLEM_BASE,
  Report,
  RoundAttestations,
  ROUTES,
  type LoggedAttestation,
  type OpenRound,
} from '#libs/contracts';
import { eventually } from './eventually.js';

/** A refused request: its problem, with the last segment of its type as a code. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** The token that coordinators of specs are started with: it may do everything. */
export const ADMIN_TOKEN = `rqt_${'5bec'.repeat(3)}_${'0123456789abcdef'.repeat(4)}`;

/** A coordinator's HTTP interface, as specs ask it. */
export class CoordinatorClient {
  /** @param token - null for somebody who has none */
  constructor(
    readonly url: string,
    private readonly token: string | null = ADMIN_TOKEN,
  ) {}

  /** Opens a round and gives its id. */
  async open(request: OpenRound): Promise<string> {
    const response = await this.post(`/${ROUTES.rounds}`, request);
    const answer = OpenRoundAnswer.parse(await answerOf(response));
    if (answer.kind === 'opened') return answer.round;
    throw new Error(`no round was opened: ${answer.kind}`);
  }

  /** Asks to close a round. */
  async close(round: string): Promise<Report> {
    return Report.parse(await answerOf(await this.post(`/${ROUTES.rounds}/${round}/close`)));
  }

  async report(round: string): Promise<Report> {
    return Report.parse(await answerOf(await this.get(`/${ROUTES.rounds}/${round}/report`)));
  }

  /** Waits until a round has come to a phase, and gives its report. */
  reportIn(phase: 'revealing' | 'final', round: string): Promise<Report> {
    return eventually(
      `a round that is ${phase}`,
      () => this.report(round),
      (report) => report.round?.phase === phase,
    );
  }

  /** All logged entries of a round, by index. */
  async logged(round: string): Promise<readonly LoggedAttestation[]> {
    const response = await this.get(`/${ROUTES.rounds}/${round}/attestations`);
    return RoundAttestations.parse(await answerOf(response)).attestations;
  }

  /** Adds up the samples of a counter that have these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const text = await (await this.get('/metrics')).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .filter((line) => Object.entries(labels).every(([k, v]) => line.includes(`${k}="${v}"`)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /** Asks what should be refused, and gives the problem. */
  async refused(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body: unknown = {},
  ): Promise<Refused> {
    const response = await (method === 'GET' ? this.get(path) : this.change(method, path, body));
    const problem = Problem.parse(await response.json());
    if (problem.status !== response.status) throw new Error('status and problem disagree');
    const code = problem.type.slice(PROBLEM_BASE.length + 1);
    return { status: response.status, code, detail: problem.detail };
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`);
  }

  /** Reads what is not public. */
  getAsMember(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: this.asMember() });
  }

  post(path: string, body: unknown = {}): Promise<Response> {
    return this.change('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Response> {
    return this.change('PUT', path, body);
  }

  delete(path: string): Promise<Response> {
    return this.change('DELETE', path, {});
  }

  private change(method: string, path: string, body: unknown): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...this.asMember() },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  private asMember(): Readonly<Record<string, string>> {
    return this.token === null ? {} : { authorization: `Bearer ${this.token}` };
  }
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}
