import { BuildLogAsked, RoundLogs, SUBJECTS, subjectFor } from '#libs/contracts';
import type { ExplanationReport, OpenRound } from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { answerAsBuilder } from '#libs/messaging';
import { ExplanationEntity, GroupEntity, ProposalEntity, RoundEntity } from '#libs/persistence';
import {
  eventually,
  Joining,
  makeComer,
  makeFailure,
  makeOperator,
  makeResult,
} from '#libs/testing';
import { signCommit, signEnrolment, signResult } from '#libs/testing';
import type { CoordinatorClient, HandBuilder, Quorum } from '#libs/testing';
import { explained } from '../../../libs/contracts/src/report/explanation.fixture.js';
import { EVIL, MEGABYTE, NAME } from './texts.js';

const COMMIT = '0e'.repeat(20);
const PIECE_BYTES = 300_000;
/** By builder: what is read of a log is kept, what a terminal would obey is refused. */
const LOGS = [`${NAME}\n${'x'.repeat(1 << 20)}\n`, EVIL];

export const PROPOSAL = '138000';
export const GROUP = 'evil';

type Running = Quorum & { readonly api: CoordinatorClient };

/** Has strangers say what they may in a round, the usual way each: facts, failures, logs, a group's name. Gives its id. */
export async function playHostile(quorum: Running): Promise<string> {
  const { api, builders } = quorum;
  await makeGroup(api);
  const asked: OpenRound = { commit: COMMIT, groups: [GROUP], deadlineSeconds: 600 };
  const round = await api.open(asked);
  await propose(quorum, round);
  const environment = {
    source: 'declared' as const,
    facts: { [NAME]: EVIL, arch: EVIL },
    withheld: [NAME],
  };
  const sealed = await Promise.all(
    builders.map(async (builder, at) => {
      const log = Buffer.from(LOGS[at] ?? '');
      showLog(quorum, builder, log);
      const { open } = await builder.invitation(round);
      const answered = { round, release: open.release, builder: builder.id };
      const result =
        at === 3
          ? makeFailure(answered, { message: EVIL, environment })
          : makeResult(answered, at === 0 ? 'good' : 'other', { environment });
      const envelope = signResult({ ...result, logSha256: sha256(log) }, builder.signer);
      await builder.commit(signCommit(round, envelope, builder.signer));
      return { builder, envelope };
    }),
  );
  await builders[0]?.close(round);
  for (const { builder, envelope } of sealed) await builder.reveal(envelope);
  await api.reportIn('final', round);
  await explain(quorum, round);
  await eventually('all logs', async () => {
    const { logs } = RoundLogs.parse(await (await api.get(`/v1/rounds/${round}/logs`)).json());
    return logs.length > 1 && logs.every(({ state }) => state !== 'awaited') ? logs : undefined;
  });
  await renameGroup(quorum);
  return round;
}

/** Enrols a builder of an operator who calls itself something; gives its id. */
export async function joinHostile(quorum: () => Running): Promise<string> {
  const comer = makeComer();
  const enrolment = signEnrolment(comer.operator, comer.set, {
    operator: makeOperator(comer.operator, NAME),
  });
  await new Joining(quorum).enrol({ ...comer.enrol, enrolment });
  return comer.id;
}

async function makeGroup(api: CoordinatorClient): Promise<void> {
  const members = ['acme', 'bits', 'coop', 'doom'];
  const answer = await api.put(`/v1/groups/${GROUP}`, { name: NAME, members, threshold: '3/4' });
  if (!answer.ok) throw new Error(`no group was made: ${await answer.text()}`);
}

/** What no group may call itself: as a database that somebody wrote into has it. */
async function renameGroup({ dataSource }: Running): Promise<void> {
  const about = `https://evil.example/${EVIL}`;
  await dataSource.manager.update(
    GroupEntity,
    { id: GROUP },
    { name: MEGABYTE, members: ['acme', EVIL, MEGABYTE], about },
  );
}

/** A proposal as the governance canister tells it: all of its texts are the proposer's. */
async function propose({ dataSource }: Running, round: string): Promise<void> {
  await dataSource.manager.insert(ProposalEntity, {
    ...{ id: PROPOSAL, title: MEGABYTE, url: EVIL, nnsFunction: 38, payload: null, evidence: '{}' },
    decision: {
      ...{ kind: 'elects', os: 'guestos', commit: COMMIT, sha256: 'ab'.repeat(32) },
      ...{ urls: [EVIL, MEGABYTE], launchMeasurements: null, unelects: [EVIL, MEGABYTE] },
    },
    ...{ votingEndsAt: new Date(), archivedAt: new Date() },
  });
  await dataSource.manager.update(RoundEntity, { id: round }, { proposalId: PROPOSAL });
}

/** Has a builder answer what it is asked of its log. */
function showLog({ nats }: Running, builder: HandBuilder, log: Buffer): void {
  nats.subscribe(subjectFor(SUBJECTS.buildLog, builder.id), {
    callback: (error, message) => {
      if (error !== null) return;
      const { offset } = BuildLogAsked.parse(message.json());
      const bytes = toBase64(log.subarray(offset, offset + PIECE_BYTES));
      answerAsBuilder(message, builder.id, { sizeBytes: log.length, bytes });
    },
  });
}

/** Puts in what was found in bytes: names of files, and what stands in them. */
async function explain({ dataSource }: Running, round: string): Promise<void> {
  const body = JSON.stringify(
    (explained().explanations ?? []).map((one, at) => poisoned(one, at === 0 ? MEGABYTE : EVIL)),
  );
  const made = { body, isComplete: true, dueAt: null, madeAt: new Date() };
  await eventually('an explanation', async () => {
    const { affected } = await dataSource.manager.update(ExplanationEntity, { round }, made);
    return affected === 1 ? true : undefined;
  });
}

function poisoned(explanation: ExplanationReport, text: string): ExplanationReport {
  return {
    ...explanation,
    paragraph: text,
    findings: explanation.findings.slice(0, 1).map((finding) => ({
      ...finding,
      detail: text,
      diff: `--- a\n+++ b\n@@ -1 +1 @@\n-${EVIL}\n+${EVIL}\n`,
      difference: { ...finding.difference, location: [EVIL, text, EVIL] },
    })),
  };
}
