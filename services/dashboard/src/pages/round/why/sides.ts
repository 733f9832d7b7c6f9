import { letterOf, plain, type ExplanationReport, type Report } from '#libs/contracts';

/** Who is on which side of a finding, as column heads; safe to print. */
export interface SideNames {
  readonly left: string;
  readonly right: string;
}

/**
 * Names both sides by letter and operator where one pair was compared; where there were more, a finding
 * does not tell of which pair it is, and only the sides are named.
 */
export function sidesOf(explanation: ExplanationReport, { builders }: Report): SideNames {
  const { compared, clusters } = explanation;
  const nameOf = (id: string): string => {
    const at = clusters.findIndex((cluster) => cluster.builders.includes(id));
    const operator = builders.find(({ builder }) => builder === id)?.operator ?? id;
    return `${at === -1 ? '' : `${letterOf(at)}, `}${plain(operator, 40)}`;
  };
  const [only, ...others] = compared;
  const lefts = new Set(compared.map(({ left }) => left));
  return {
    left: only !== undefined && lefts.size === 1 ? `left: ${nameOf(only.left)}` : 'left',
    right: only !== undefined && others.length === 0 ? `right: ${nameOf(only.right)}` : 'right',
  };
}
