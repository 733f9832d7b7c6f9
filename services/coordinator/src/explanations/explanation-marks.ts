import type { ExplanationReport } from '#libs/contracts';

const MAX_MARKS = 64;
const MAX_CHARACTERS = 500;

/**
 * Marks what an artifact's split is recognised by in other rounds: what differs and how, and what is
 * thought to cause it.
 */
export function marksOf({
  artifact,
  findings,
  suspicions,
  conclusion,
}: ExplanationReport): string[] {
  const roots = findings.filter(({ impliedBy }) => impliedBy === undefined);
  const places = roots.map(({ class: name, difference }) =>
    JSON.stringify([artifact, name, ...difference.location]),
  );
  const causes =
    conclusion === 'explained'
      ? suspicions.map(({ cause }) => JSON.stringify([artifact, cause]))
      : [];
  const marks = [...places, ...causes].map((mark) => mark.slice(0, MAX_CHARACTERS));
  return [...new Set(marks)].slice(0, MAX_MARKS);
}
