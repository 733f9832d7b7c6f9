import type { ReactNode } from 'react';
import { plain } from '#libs/contracts';
import { Digest } from '../../components/digest.js';
import { Pager } from '../../components/pager.js';
import { Section } from '../../components/section.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { BuilderStatus, CalibrationState } from '../builders/builder-status.js';
import { AgreementWords } from './agreement-words.js';
import { CalibrationDifferences } from './calibration-differences.js';
import { HistoryTable } from './history-table.js';
import { KeyFacts } from './key-facts.js';
import { MachineFacts } from './machine-facts.js';

/** One builder: how it stands, how often it agreed with the others, its rounds and its keys. */
export function BuilderPage({ route, data, now }: PageProps): ReactNode {
  const id = route.params['builder'] ?? '';
  const builder = bodyOf(data, 'builder');
  const keys = bodyOf(data, 'keys');
  const agreement = bodyOf(data, 'agreement');
  const history = bodyOf(data, 'history');
  const operator = builder?.operator.name ?? keys?.operator.name ?? history?.rounds[0]?.operator;
  return (
    <>
      <h1>{operator === undefined ? 'Builder' : `Builder of ${plain(operator, 60)}`}</h1>
      <p>
        <Digest value={id} what="id of the builder" isWhole />
      </p>
      {builder !== null && (
        <p className="row-part">
          <BuilderStatus status={builder.status} />{' '}
          <CalibrationState calibration={builder.calibration} />
        </p>
      )}
      {builder === null && <p>It is not in the registry: rounds know it by the roster file.</p>}
      {agreement !== null && (
        <Section id="agreement" title="Agreement">
          <AgreementWords agreement={agreement} />
        </Section>
      )}
      {history !== null && (
        <Section id="history" title="Rounds">
          <HistoryTable history={history} />
          <Pager what="rounds" url={data.url} cursor="before" next={history.next} />
        </Section>
      )}
      {builder?.calibration != null && builder.calibration.outcome !== 'none' && (
        <Section id="calibration" title="Calibration">
          <CalibrationDifferences calibration={builder.calibration} />
        </Section>
      )}
      {keys !== null && (
        <Section id="keys" title="Keys">
          <KeyFacts keys={keys} />
        </Section>
      )}
      {builder !== null && (
        <Section id="machine" title="Who and what">
          <MachineFacts builder={builder} now={now} />
        </Section>
      )}
    </>
  );
}
