import { useState, type ReactNode } from 'react';
import { operatorsOf, plain, type Report, type TrustSet } from '#libs/contracts';
import { Section } from '../../../components/section.js';
import { useIsLive } from '../../../components/use-is-live.js';
import { hasTrust } from './has-trust.js';
import { Outcome } from './outcome.js';
import { chosenIn, keptAs, recounted } from './recounted.js';
import './trust.css';

/** What came out of a round for those whom a reader trusts. */
export interface TrustPanelProps {
  readonly report: Report;
  /** The page's address with its query, which keeps the trust set. */
  readonly url: string;
}

/**
 * Lets a reader choose whom to trust, and shows what the verdict is then. Without scripts it is a form
 * that asks for the page anew; with them the verdict is recounted at once, and the address follows.
 */
export function TrustPanel({ report, url }: TrustPanelProps): ReactNode {
  const [chosen, setChosen] = useState<TrustSet>(() => chosenIn(report, url));
  const isLive = useIsLive();
  if (!hasTrust(report)) return null;
  const choose = (form: HTMLFormElement): void => {
    const data = new FormData(form);
    const typed = data.get('threshold');
    const next: TrustSet = {
      operators: data
        .getAll('trust')
        .map(String)
        .filter((name) => name !== ''),
      threshold: typeof typed === 'string' ? typed.trim() : '',
    };
    setChosen(next);
    history.replaceState(null, '', `${location.pathname}?${keptAs(next)}${location.hash}`);
  };
  return (
    <Section id="trust" title="Whom do you trust?">
      <p>
        The verdict above counts everybody whom the round asked. Here it is recounted for those whom
        you choose, by the same rules; the address of this page keeps your choice.
      </p>
      <form
        className="trust"
        method="get"
        action="#trust"
        onChange={(event) => {
          choose(event.currentTarget);
        }}
        onSubmit={(event) => {
          event.preventDefault();
          choose(event.currentTarget);
        }}
      >
        <fieldset>
          <legend>Operators</legend>
          {/* Without it an address that names nobody would be one that names no set. */}
          <input type="hidden" name="trust" value="" />
          {operatorsOf(report.builders).map(({ operator, principal }) => (
            <label key={operator}>
              <input
                type="checkbox"
                name="trust"
                value={operator}
                defaultChecked={isChosen(chosen, operator, principal)}
              />{' '}
              {plain(operator, 60)}
            </label>
          ))}
        </fieldset>
        <label>
          How many have to agree, such as 3 or 2/3:{' '}
          <input name="threshold" defaultValue={chosen.threshold} size={7} maxLength={20} />
        </label>{' '}
        {!isLive && <button type="submit">Recount</button>}
      </form>
      <Outcome recounted={recounted(report, chosen)} />
    </Section>
  );
}

function isChosen({ operators }: TrustSet, operator: string, principal: string | null): boolean {
  return operators.includes(operator) || (principal !== null && operators.includes(principal));
}
