import { JointEnvelope } from '#libs/attestation';
import {
  AmendRound,
  OpenRound,
  OpenRoundAnswer,
  RoundAttestations,
  RoundLinks,
  RoundList,
} from '../../http/http.js';
import { RoundLogs } from '../../http/build-logs.js';
import { RoundEvent } from '../../http/live.js';
import { ReleaseList, ReleaseListQuery } from '../../http/queries/release-list.js';
import { EnvironmentsQuery, RoundEnvironments } from '../../http/queries/round-environments.js';
import { CancelAnswer, CancelBuild } from '../../messages/heartbeat.js';
import { CloseEvidence } from '../../messages/messages.js';
import { RoundExplanation } from '../../report/explanation.js';
import { PostQuery, PostTextQuery } from '../../post/post-query.js';
import { Report } from '../../report/report.js';
import { TrustVerdict } from '../../report/trust-verdict.js';
import { MEDIA, type Operation } from '../operation.js';
import {
  BuildLogParams,
  BundleQuery,
  CloseEvidenceQuery,
  RoundListQuery,
  RoundParams,
  TrustQuery,
} from '../parameters.js';
import { CHOOSING, GOVERNANCE, Nothing } from '../shared.js';

const tag = 'rounds';
const round = { tag, params: RoundParams } as const;

/** Routes below `/v1/rounds`. */
export const ROUND_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'openRound', method: 'POST', path: '/v1/rounds', tag, scope: 'rounds' },
    summary: 'Opens a round, or answers what a proposal without a build means',
    body: OpenRound,
    answers: {
      201: { description: 'What came of it', type: MEDIA.json, schema: OpenRoundAnswer },
    },
    problems: [
      ...GOVERNANCE,
      ...CHOOSING,
      ...(['not-a-commit', 'no-such-proposal', 'no-such-round', 'round-not-final'] as const),
      ...(['nothing-to-try', 'log-corrupt', 'log-behind'] as const),
    ],
  },
  {
    ...{ id: 'listRounds', method: 'GET', path: '/v1/rounds', tag },
    summary: 'Lists rounds, newest first',
    query: RoundListQuery,
    answers: { 200: { description: 'A page of rounds', type: MEDIA.json, schema: RoundList } },
    problems: ['bad-cursor'],
  },
  {
    ...{ id: 'listReleases', method: 'GET', path: '/v1/releases', tag },
    summary: 'Lists releases with their newest rounds, the newest of those first',
    query: ReleaseListQuery,
    answers: {
      200: { description: 'A page of releases', type: MEDIA.json, schema: ReleaseList },
    },
    problems: ['bad-cursor'],
  },
  {
    ...{ id: 'getRoundEnvironments', method: 'GET', ...round },
    path: '/v1/rounds/{round}/environments',
    summary:
      'Lays the machines of a round side by side, fact by fact; after the close of a blind one',
    query: EnvironmentsQuery,
    answers: {
      200: { description: 'By fact', type: MEDIA.json, schema: RoundEnvironments },
    },
    problems: ['no-such-round', 'archived'],
  },
  {
    ...{ id: 'getRoundReport', method: 'GET', path: '/v1/rounds/{round}/report', ...round },
    summary: 'Gives the report of a round as it stands',
    answers: { 200: { description: 'The report', type: MEDIA.json, schema: Report } },
    problems: ['no-such-round', 'archived'],
  },
  {
    ...{ id: 'getRoundMarkdown', method: 'GET', path: '/v1/rounds/{round}/report.md', ...round },
    summary: 'Gives the report of a round as Markdown for a forum',
    answers: { 200: { description: 'The report', type: MEDIA.markdown } },
    problems: ['no-such-round', 'archived'],
  },
  {
    ...{ id: 'getTrustVerdict', method: 'GET', path: '/v1/rounds/{round}/verdict', ...round },
    summary:
      'Recounts a round for those whom one trusts: what its verdict would be under that policy',
    query: TrustQuery,
    answers: { 200: { description: 'The recount', type: MEDIA.json, schema: TrustVerdict } },
    problems: [
      ...(['no-such-round', 'archived', 'operator-not-asked', 'not-recountable'] as const),
      ...(['bad-threshold', 'threshold-too-low', 'threshold-out-of-reach'] as const),
    ],
  },
  {
    ...{ id: 'getRoundPost', method: 'GET', path: '/v1/rounds/{round}/post.md', ...round },
    summary: "Gives a post for a forum: the group's, or one member's own review",
    query: PostQuery,
    answers: { 200: { description: 'The post', type: MEDIA.markdown } },
    problems: ['no-such-round', 'not-in-round', 'archived'],
  },
  {
    ...{ id: 'getRoundPostText', method: 'GET', path: '/v1/rounds/{round}/post.txt', ...round },
    summary: "Gives a post for a chat: the group's, or one member's own review",
    query: PostTextQuery,
    answers: { 200: { description: 'The post', type: MEDIA.text } },
    problems: ['no-such-round', 'not-in-round', 'archived'],
  },
  {
    ...{ id: 'listRoundAttestations', method: 'GET', ...round },
    path: '/v1/rounds/{round}/attestations',
    summary: 'Gives every logged envelope of a round with its receipt; results after the close',
    answers: {
      200: { description: 'By log index', type: MEDIA.json, schema: RoundAttestations },
    },
    problems: ['archived'],
  },
  {
    ...{ id: 'watchRound', method: 'GET', path: '/v1/rounds/{round}/events', ...round },
    summary: 'Tells what becomes of a round until its verdict, as server-sent events',
    headers: {
      'last-event-id': 'The id of the last event that was seen: what changed since is told',
    },
    answers: {
      200: { description: 'Events', type: MEDIA.events, schema: RoundEvent },
      204: { description: 'The round is over, as the asker knows' },
    },
    problems: ['no-such-round', 'too-many-streams', 'streams-full', 'stopping'],
  },
  {
    ...{ id: 'listRoundLogs', method: 'GET', path: '/v1/rounds/{round}/logs', ...round },
    summary: 'Tells of which builds of a round there are logs; none before its results are logged',
    answers: { 200: { description: 'By builder', type: MEDIA.json, schema: RoundLogs } },
    problems: ['no-such-round'],
  },
  {
    ...{ id: 'getBuildLog', method: 'GET', path: '/v1/rounds/{round}/logs/{builder}', tag },
    params: BuildLogParams,
    summary: 'Gives the log of one build as its builder shows it, all of it or a range',
    headers: { range: 'Which bytes of it', 'if-none-match': 'The ETag of the copy that is there' },
    answers: {
      200: { description: 'The log', type: MEDIA.text },
      206: { description: 'The bytes that were asked for', type: MEDIA.text },
      304: Nothing,
      416: { description: 'The log has none of the bytes that were asked for' },
    },
    problems: ['no-such-log'],
  },
  {
    ...{ id: 'amendRound', method: 'POST', path: '/v1/rounds/{round}/amend', ...round },
    scope: 'rounds',
    summary: 'Invites more builders to an open round',
    body: AmendRound,
    answers: { 200: { description: 'The report since', type: MEDIA.json, schema: Report } },
    problems: [
      ...(['no-such-round', 'not-amendable', 'already-invited', 'too-many-amendments'] as const),
      ...(['forbidden-transition', 'log-corrupt', 'log-behind'] as const),
      ...CHOOSING,
    ],
  },
  {
    ...{ id: 'closeRound', method: 'POST', path: '/v1/rounds/{round}/close', ...round },
    scope: 'rounds',
    summary: 'Closes a round before its deadline',
    answers: { 200: { description: 'The report since', type: MEDIA.json, schema: Report } },
    problems: ['no-such-round', 'forbidden-transition', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'cancelBuild', method: 'POST', path: '/v1/rounds/{round}/cancel', ...round },
    scope: 'rounds',
    summary: 'Has one builder stop building for a round, and waits until nothing of it is left',
    body: CancelBuild,
    answers: { 200: { description: 'What became of it', type: MEDIA.json, schema: CancelAnswer } },
    problems: ['builder-away'],
  },
  {
    ...{ id: 'getRoundBundle', method: 'GET', path: '/v1/rounds/{round}/bundle', ...round },
    summary: 'Gives all evidence of a decided round as one file',
    query: BundleQuery,
    headers: { 'if-none-match': 'The ETag of the copy that is there' },
    answers: {
      200: { description: 'One entry a line', type: MEDIA.lines },
      304: Nothing,
    },
    problems: ['no-such-round', 'round-not-final', 'bundle-too-large', 'archived'],
  },
  {
    ...{ id: 'listRoundLinks', method: 'GET', path: '/v1/rounds/{round}/links', ...round },
    summary: 'Gives results as in-toto links of the old form, as their builders signed them',
    answers: { 200: { description: 'By builder', type: MEDIA.json, schema: RoundLinks } },
    problems: [],
  },
  {
    ...{ id: 'getJointVerdict', method: 'GET', path: '/v1/rounds/{round}/joint', ...round },
    summary: 'Gives the verdict under the signatures of all builders that countersigned it so far',
    answers: { 200: { description: 'One envelope', type: MEDIA.json, schema: JointEnvelope } },
    problems: ['no-joint-statement', 'archived'],
  },
  {
    ...{ id: 'getExplanation', method: 'GET', path: '/v1/rounds/{round}/explanation', ...round },
    summary: 'Tells why the round split, as far as it is known; more may come until isComplete',
    answers: { 200: { description: 'What is known', type: MEDIA.json, schema: RoundExplanation } },
    problems: ['no-explanation'],
  },
  {
    ...{ id: 'getCloseEvidence', method: 'GET', ...round },
    path: '/v1/rounds/{round}/close-evidence',
    summary: 'Proves that a round was closed and that a commit to it is in the log',
    query: CloseEvidenceQuery,
    answers: { 200: { description: 'With its proofs', type: MEDIA.json, schema: CloseEvidence } },
    problems: ['no-close-evidence'],
  },
];
