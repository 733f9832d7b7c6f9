import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { createNativeSigner, type RoundOpen, type Signer } from '#libs/attestation';
import {
  AuditList,
  BuilderView,
  Enrolled,
  Invite,
  Ordered,
  type Enrol,
  type SignedOrder,
} from '#libs/contracts';
import { LogEntryEntity } from '#libs/persistence';
import { CoordinatorClient } from './coordinator-client.js';
import { signApplication, signOrder } from './hand-application.js';
import { signEnrolment, type HandKeys } from './hand-keys.js';
import type { Quorum } from './quorum.js';

/** Name of the log of specs. */
export const SPEC_ORIGIN = 'log.example/spec';

type Running = Quorum & { readonly api: CoordinatorClient };
type Over = Parameters<typeof signApplication>[2];
type What = Parameters<typeof signOrder>[1]['order'];

let commits = 1000;

/** A key that nobody else has. */
export function freshSigner(): Signer {
  return createNativeSigner(new Uint8Array(randomBytes(32)));
}

/** All keys of a builder, which nobody else has. */
export function freshKeys(): HandKeys {
  return { attestation: freshSigner(), witness: freshSigner(), nats: freshSigner() };
}

/** A commit that nobody else builds. */
export function freshCommit(): string {
  commits += 1;
  return commits.toString(16).padStart(40, '0');
}

/** A builder to be, with its operator. */
export interface Comer {
  readonly operator: Signer;
  readonly set: HandKeys;
  readonly id: string;
  readonly enrol: Enrol;
}

/** Makes a builder with an operator of its own; `over` changes what its application says. */
export function makeComer(over: Over = {}, operator = freshSigner()): Comer {
  const set = freshKeys();
  const enrolment = signEnrolment(operator, set);
  const application = signApplication(set.attestation, SPEC_ORIGIN, over);
  return { operator, set, id: set.attestation.id, enrol: { enrolment, application } };
}

/** Signs an order for the coordinator of specs. */
export function signedOrder(
  from: Signer,
  builder: string,
  what: What,
  over: object = {},
): SignedOrder {
  return { order: signOrder(from, { coordinator: SPEC_ORIGIN, builder, order: what, ...over }) };
}

/** What specs have a registry do, and what they read of it. */
export class Joining {
  constructor(private readonly quorum: () => Running) {}

  /** Somebody without a token. */
  get stranger(): CoordinatorClient {
    return new CoordinatorClient(this.quorum().api.url, null);
  }

  async enrol(body: Enrol): Promise<Enrolled & { http: number }> {
    const response = await this.stranger.post('/v1/enrolments', body);
    const answer: unknown = await response.json();
    expect([response.ok, response.ok ? null : answer]).toEqual([true, null]);
    return { ...Enrolled.parse(answer), http: response.status };
  }

  async order(id: string, what: string, body: object = {}): Promise<Ordered> {
    return done(await this.quorum().api.post(`/v1/builders/${id}/${what}`, body));
  }

  async obeyed(body: SignedOrder): Promise<Ordered> {
    return done(await this.stranger.post('/v1/orders', body));
  }

  async view(id: string): Promise<BuilderView> {
    return BuilderView.parse(await (await this.stranger.get(`/v1/builders/${id}`)).json());
  }

  /** Entries of the log. */
  async logged(): Promise<number> {
    return this.quorum().dataSource.getRepository(LogEntryEntity).count();
  }

  async approved(over: Over = {}): Promise<Comer> {
    const made = makeComer(over);
    await this.enrol(made.enrol);
    await this.order(made.id, 'approve');
    return made;
  }

  async invite(body: object = {}): Promise<Invite> {
    return Invite.parse(await (await this.quorum().api.post('/v1/invites', body)).json());
  }

  /** What was logged of acts on a subject, in their order. */
  async acts(subject: string): Promise<AuditList['acts']> {
    const all: AuditList['acts'][number][] = [];
    for (let after: number | null = -1; after !== null;) {
      const response = await this.quorum().api.get(`/v1/audit?limit=100&after=${after}`);
      const page: AuditList = AuditList.parse(await response.json());
      all.push(...page.acts.filter((act) => act.subject === subject));
      after = page.next;
    }
    return all;
  }

  /** Ids that a round which names nobody invites. */
  async invited(): Promise<readonly string[]> {
    const { api } = this.quorum();
    const round = await api.open({ commit: freshCommit(), threshold: '2/3' });
    const [open] = await api.logged(round);
    const payload = Buffer.from(open?.envelope.payload ?? '', 'base64').toString();
    const { predicate } = JSON.parse(payload) as { predicate: RoundOpen };
    await api.close(round);
    return predicate.roster.flatMap(({ builders }) => builders.map(({ builder }) => builder));
  }
}

async function done(response: Response): Promise<Ordered> {
  expect([response.status, response.ok ? '' : await response.text()]).toEqual([200, '']);
  return Ordered.parse(await response.json());
}
