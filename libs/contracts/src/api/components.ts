import type { z } from 'zod';
import {
  AdminAct,
  Calibration as CalibrationOf,
  Capabilities,
  DeclineReason,
  Environment,
  Envelope,
  Experiment,
  Id,
  JointEnvelope,
  KeySet,
  Operator,
  Release,
  ReleaseArtifact,
  Sha256Text,
} from '#libs/attestation';
import { BuilderList, BuilderStatus, BuilderView, Calibration } from '../builders/builder-view.js';
import * as invites from '../builders/invites.js';
import * as joining from '../builders/joining.js';
import * as access from '../http/access.js';
import { Ask } from '../http/ask.js';
import * as http from '../http/http.js';
import * as keys from '../http/keys.js';
import { CancelAnswer, CancelBuild, Heartbeat } from '../messages/heartbeat.js';
import { CloseEvidence } from '../messages/messages.js';
import { AnswersReport } from '../report/answers.js';
import { ChoiceReport } from '../report/choice.js';
import * as explanation from '../report/explanation.js';
import * as report from '../report/report.js';
import { ArtifactReport } from '../report/verdict.js';

/**
 * Names of the schemas that the document of the API tells once and refers to: what is not here stands
 * where it is used. Two schemas never share a name.
 */
export const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  ...{ Sha256: Sha256Text, Id, Envelope, JointEnvelope, Operator, KeySet, AdminAct },
  ...{ Release, ReleaseArtifact, Environment, Experiment, CalibrationOf, DeclineReason },
  ...{ Capabilities, Calibration, BuilderStatus, BuilderView, BuilderList, Heartbeat },
  ...{ CancelBuild, CancelAnswer, CloseEvidence, Ask },
  ...{ AnswersReport, ChoiceReport, ArtifactReport },
  ...pick(report, [
    ...(['Report', 'RoundReport', 'ProposalReport', 'BuilderReport', 'PublishedReport'] as const),
    ...(['OtherRound', 'Deployment', 'WorkReport'] as const),
  ]),
  ...pick(explanation, [
    ...(['RoundExplanation', 'ExplanationReport', 'FailureGroupReport', 'FindingReport'] as const),
    ...(['SeparatorReport', 'SuspicionReport', 'ExperimentReport'] as const),
  ]),
  ...pick(http, [
    ...(['OpenRound', 'OpenRoundAnswer', 'AmendRound', 'RoundSummary', 'RoundList'] as const),
    ...(['LogEntryKind', 'LoggedAttestation', 'RoundAttestations', 'RoundLinks'] as const),
    ...(['ProposalEvidence', 'Problem'] as const),
  ]),
  ...pick(keys, ['SubmittedKey', 'KeyLogged', 'KeyRecords', 'BuilderKeys']),
  ...pick(joining, [
    ...(['Enrol', 'Enrolled', 'ApproveBuilder', 'OrderBuilder', 'SignedOrder', 'Ordered'] as const),
    ...(['BuilderApplicationView', 'BuilderCredentials'] as const),
  ]),
  ...pick(invites, [
    ...(['MakeInvite', 'Invite', 'InviteStatus', 'InviteView', 'InviteList'] as const),
  ]),
  ...pick(access, [
    ...(['AccessScope', 'CreateToken', 'CreatedToken', 'AccessTokenView'] as const),
    ...(['AccessTokenList', 'AuditList'] as const),
  ]),
};

function pick<Module extends object, Name extends keyof Module & string>(
  module: Module,
  names: readonly Name[],
): Pick<Module, Name> {
  const entries = names.map((name) => [name, module[name]] as const);
  return Object.fromEntries(entries) as Pick<Module, Name>;
}
