import type { ReactNode } from 'react';
import {
  causeSentences,
  comparedSentence,
  consequencesSentence,
  failureSentence,
  isAllBrought,
  plain,
  titleOf,
  triedSentence,
  type ExplanationReport,
  type FailureGroupReport,
  type Report,
  type RoundExplanation,
} from '#libs/contracts';
import { Moment } from '../../../components/moment.js';
import { Section } from '../../../components/section.js';
import { State } from '../../../components/state.js';
import { conclusionTold } from './conclusion.js';
import { Findings } from './findings.js';
import { hasWhy } from './has-why.js';
import { NextExperiment } from './next-experiment.js';
import { Separators } from './separators.js';
import './why.css';

const PARAGRAPH_CHARACTERS = 2000;

/** Why builders came to different bytes, artifact by artifact, and how builds failed; nothing where all agree. */
export function Why(props: {
  readonly report: Report;
  readonly explanation: RoundExplanation | null;
  readonly origin: string;
}): ReactNode {
  const { report, explanation, origin } = props;
  const artifacts = explanation?.artifacts ?? report.explanations ?? [];
  const failures = report.failureGroups ?? [];
  const isSplit = report.artifacts.some(({ clusters }) => clusters.length > 1);
  if (!hasWhy(report, explanation)) return null;
  return (
    <Section id="why" title="Why it differs">
      {explanation?.isComplete === false && (
        <p>
          <State tone="open">more may come</State> Not all builders have been asked for their bytes
          yet.
        </p>
      )}
      {artifacts.length === 0 && isSplit && (
        <p>Nothing is known of it yet: the builders are asked once the round is final.</p>
      )}
      {artifacts.map((artifact, at) => (
        <ArtifactWhy
          key={artifact.artifact}
          explanation={artifact}
          place={at}
          round={report.round?.round ?? ''}
          report={report}
          origin={origin}
        />
      ))}
      <Failures groups={failures} />
    </Section>
  );
}

function ArtifactWhy(props: {
  readonly explanation: ExplanationReport;
  readonly place: number;
  readonly round: string;
  readonly report: Report;
  readonly origin: string;
}): ReactNode {
  const { explanation, report } = props;
  const { paragraph, firstAffected, suspicions, artifact } = explanation;
  const { tone, words, sentence } = conclusionTold(explanation);
  const consequences = consequencesSentence(explanation);
  return (
    <Section
      level={3}
      id={`why-${props.place}`}
      title={
        <>
          {plain(titleOf(artifact), 60)} <State tone={tone}>{words}</State>
        </>
      }
    >
      <p className="why-paragraph">{plain(paragraph, PARAGRAPH_CHARACTERS)}</p>
      <p className="quiet">{sentence}</p>
      {!isAllBrought(explanation) && suspicions.length > 0 && (
        <ul>
          {suspicions.map((suspicion) => (
            <li key={suspicion.cause}>
              <code>{plain(suspicion.cause, 80)}</code>: {causeSentences(suspicion)}
            </li>
          ))}
        </ul>
      )}
      <Findings explanation={explanation} report={report} />
      {consequences !== null && <p>{plain(`${consequences}.`, PARAGRAPH_CHARACTERS)}</p>}
      <Separators explanation={explanation} report={report} />
      <p className="quiet">
        {triedSentence(explanation)} {comparedSentence(explanation)}
      </p>
      {firstAffected !== null && (
        <p>
          First seen in{' '}
          <a href={`/rounds/${encodeURIComponent(firstAffected.round)}`}>
            {plain(firstAffected.release, 80)}
          </a>
          , <Moment at={firstAffected.openedAt} />.
        </p>
      )}
      <NextExperiment
        explanation={explanation}
        place={props.place}
        round={props.round}
        origin={props.origin}
      />
    </Section>
  );
}

function Failures({ groups }: { readonly groups: readonly FailureGroupReport[] }): ReactNode {
  if (groups.length === 0) return null;
  return (
    <Section level={3} id="why-failures" title="Builds that failed">
      <ul>
        {groups.map((group) => (
          <li key={`${group.pattern} ${group.line}`}>
            {failureSentence(group)} Seen: <code>{plain(group.line, 500)}</code>
          </li>
        ))}
      </ul>
    </Section>
  );
}
