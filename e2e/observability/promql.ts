/** What of an expression names no metric: operators, aggregations' words, and literals. */
const WORDS: ReadonlySet<string> = new Set([
  ...['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan', 'start', 'end'],
  ...['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'],
]);

/** A metric in an expression, with the labels that are asked for beside it. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/**
 * Lists the metrics that a PromQL expression reads. It is no parser: it needs expressions that a
 * parser takes, and promtool is asked for that where it is installed.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/
 */
export function selectorsOf(expression: string): readonly Selector[] {
  const bare = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replaceAll(/\boffset\s+\S+/g, ' ');
  const found = bare.matchAll(/([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(\s*\()?/g);
  return [...found].flatMap(([, metric = '', matchers = '', call]) => {
    if (call !== undefined || WORDS.has(metric.toLowerCase())) return [];
    // The tail of a number such as 100e9 begins within it.
    if (new RegExp(`\\d${metric}\\b`).test(bare) && /^e\d+$/.test(metric)) return [];
    const labels = [...matchers.matchAll(/([a-z_]\w*)\s*(?:=~|!~|!=|=)/g)];
    return [{ metric, labels: labels.map(([, label = '']) => label) }];
  });
}

/** Lists the labels by which an expression groups. */
export function groupsOf(expression: string): readonly string[] {
  return [...expression.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').flatMap((label) => label.trim() || []),
  );
}
