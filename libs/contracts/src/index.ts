export {
  MEDIA,
  problemsOf,
  TAGS,
  type Answer,
  type MediaType,
  type Operation,
  type Tag,
} from './api/operation.js';
export { openApiDocument } from './api/openapi/document.js';
export type { Json, JsonObject } from './api/openapi/json.js';
export { OPERATIONS } from './api/operations.js';
export * from './api/parameters.js';
export { PROBLEM_CODES, type ProblemCode } from './api/problem-codes.js';
export * from './builders/builder-view.js';
export * from './builders/capabilities.js';
export * from './builders/invites.js';
export * from './builders/joining.js';
export { claimOf } from './claim.js';
export { EnvironmentFile } from './files/environment.js';
export { PolicyFile } from './files/policy.js';
export { RECEIPTS_TYPE, ReceiptsHeader, ReceiptsLine } from './files/receipts.js';
export { RosterFile } from './files/roster.js';
export { RoundFile } from './files/round.js';
export * from './groups/group.js';
export * from './http/access.js';
export { Ask } from './http/ask.js';
export * from './http/build-logs.js';
export * from './http/http.js';
export * from './http/keys.js';
export * from './http/live.js';
export * from './http/queries/index.js';
export * from './messages/agent-order.js';
export * from './messages/artifact-questions.js';
export * from './messages/heartbeat.js';
export * from './messages/log-questions.js';
export * from './messages/messages.js';
export { compareUrgency, Urgency, URGENCY_CLASSES } from './messages/urgency.js';
export { Receipt, receiptBodies, ReceiptsIssued } from './messages/receipts.js';
export { memberReviewOf, membersOf } from './post/member-review.js';
export type { MemberReview, ReviewedArtifact } from './post/member-review.js';
export { permalinksOf } from './post/permalinks.js';
export type { Permalinks } from './post/permalinks.js';
export { postMarkdown } from './post/post-markdown.js';
export { DISCORD_CHARACTERS, FORUM_CHARACTERS } from './post/post-options.js';
export type { PostOptions } from './post/post-options.js';
export { PostQuery, PostTextQuery } from './post/post-query.js';
export { postPlain } from './post/post-plain.js';
export { reportHtml } from './post/report-html.js';
export { outcomeWords, reviewHeadline, timelinessWords } from './post/review-words.js';
export { verifyWords } from './post/verify-words.js';
export { proposalFlags, questionsOf } from './questions.js';
export {
  CheckComparison,
  CheckedArtifact,
  CheckedBuild,
  CheckedMachine,
  CheckedProposal,
  CheckedProvenance,
  CheckReport,
} from './report/check-report.js';
export { bytesText, contentsText } from './report/bytes-text.js';
export { AnswersReport, answersSentence } from './report/answers.js';
export { choiceSentences } from './report/choice-words.js';
export { ChoiceReport, Replacement } from './report/choice.js';
export { bazelTargetOf } from './issue/bazel-targets.js';
export { reportIssue } from './issue/issue.js';
export { letterOf } from './report/cluster-label.js';
export {
  ExperimentReport,
  ExplanationReport,
  FailureGroupReport,
  FindingReport,
  RoundExplanation,
  SeparatorReport,
  SuspicionReport,
} from './report/explanation.js';
export { explanationTerminal, failureTerminal } from './report/explanation-terminal.js';
export {
  causeSentences,
  comparedSentence,
  conclusionWords,
  consequencesSentence,
  failureSentence,
  isAllBrought,
  locationText,
  probability,
  rootsOf,
  shownSeparators,
  strengthWords,
  triedSentence,
  valueText,
} from './report/explanation-words.js';
export { headlineOf, type Headed } from './report/headline.js';
export { reportMarkdown } from './report/markdown.js';
export {
  BuilderReport,
  Deployment,
  OtherRound,
  ProposalReport,
  PublishedReport,
  Report,
  RoundReport,
} from './report/report.js';
export { reportTerminal } from './report/terminal.js';
export { ArtifactReport } from './report/verdict.js';
export { plain } from './report/plain.js';
export { BuiltReport, builtReports } from './report/built.js';
export { TrustError } from './report/trust-error.js';
export type { TrustErrorCode } from './report/trust-error.js';
export { operatorsOf, trustedRoster } from './report/trusted-roster.js';
export type { RoundOperator } from './report/trusted-roster.js';
export { queryOf, recountFor, TRUST_THRESHOLD, trustSetOf } from './report/trust-set.js';
export type { TrustSet } from './report/trust-set.js';
export { trustSetFor, TrustVerdict, trustVerdictOf } from './report/trust-verdict.js';
export { isReadableLog, readableLog } from './report/readable-log.js';
export { describe, shortDigest, shortTitleOf, titleOf, trialOf } from './report/wording.js';
export { workOf, workWords } from './report/work.js';
export {
  ATTEST_STREAM,
  BUILDER_API_PREFIX,
  COORDINATOR_DURABLE,
  DISPATCH_STREAM,
  builderDurable,
} from './streams.js';
export type { StreamDefinition } from './streams.js';
export { SUBJECTS, answerSubject, inboxOf, isAnswerSubject, subjectFor } from './subjects.js';
export { atomFeed, type AtomFeed } from './news/atom.js';
export { badgeOf, ShieldsBadge, type BadgeFacts } from './news/badge.js';
export { isDivergent, newsBetween } from './news/news-between.js';
export {
  newsByClock,
  type Watched,
  type WatchedProposal,
  type WatchedRound,
} from './news/news-by-clock.js';
export { NEWS_KINDS, NewsKind } from './news/news-kind.js';
export {
  discordMessage,
  linkOf,
  newsMail,
  newsText,
  openChatText,
  type DiscordMessage,
} from './news/news-text.js';
export {
  News,
  NewsArtifact,
  newsIdOf,
  newsPath,
  NewsProposal,
  Ping,
  threadOf,
  type Told,
} from './news/news.js';
export {
  audienceOf,
  seatsOf,
  type DecidedBefore,
  type NewsAudience,
  type NewsSeat,
  type RoundFacts,
  type RoundMoment,
} from './news/round-moment.js';
export * from './news/subscription.js';
export { VERSION } from './version.js';
export { askText, parseAsk, SelectionError } from '#libs/selection';
