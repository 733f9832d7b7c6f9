import type { ReactNode } from 'react';
import type { Agreement } from '#libs/contracts';

/** How often a builder got what enough operators agreed on, in figures and words. */
export function AgreementWords({ agreement }: { readonly agreement: Agreement }): ReactNode {
  const { rate, agreed, disagreed, rounds, failed, absent, late, unrevealed, declined } = agreement;
  if (rounds === 0) return <p>No round with this builder has been decided yet.</p>;
  const rest = [
    [agreement.undecided, 'without any bytes that enough operators agreed on'],
    [failed, 'in which its build failed'],
    [absent, 'in which it was not heard of'],
    [late, 'in which it came too late'],
    [unrevealed, 'in which it did not show what it committed to'],
    [declined, 'that it declined'],
  ].filter(([count]) => count !== 0);
  return (
    <>
      <p className="lead">
        {rate === null
          ? 'There are no bytes yet to hold against those of others.'
          : `Built the bytes that enough operators agreed on in ${agreed} of ${agreed + disagreed} rounds (${percentText(rate)}).`}
      </p>
      {rate !== null && (
        <p>
          <meter min={0} max={1} value={rate} aria-label="Agreement rate" /> {percentText(rate)}
        </p>
      )}
      {rest.length > 0 && (
        <p>
          Of {rounds} decided rounds moreover:{' '}
          {rest.map(([count, words]) => `${String(count)} ${String(words)}`).join('; ')}.
        </p>
      )}
    </>
  );
}

/** Never rounded up to a whole: 99.96 % is not all of them. */
function percentText(rate: number): string {
  return `${Math.floor(rate * 1000) / 10} %`;
}
