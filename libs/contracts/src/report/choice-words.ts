import type { ChoiceReport, Replacement } from './choice.js';
import type { BuilderReport } from './report.js';

/**
 * Says in sentences how it was chosen whom to invite, and who came in whose stead; nothing is made safe
 * to print. The reasons of each builder are in the JSON.
 */
export function choiceSentences({ text, taken, leftCount, replacements }: ChoiceReport): string {
  const names = taken.map(({ operator }) => operator).join(', ');
  const of = taken.length + leftCount;
  const chosen = `asked for ${text}: ${names} were chosen, ${taken.length} of ${of} builders`;
  return [chosen, ...replacements.map(replacement)].join('; ');
}

function replacement({ operator, because, by, note }: Replacement): string {
  const others = by.map((one) => one.operator).join(', ');
  if (others !== '') return `${operator} ${because}, and ${others} came instead`;
  return `${operator} ${because}, and nobody came instead: ${note ?? 'nobody was wanting'}`;
}

/** What has to be known of a builder beside its state, or of why it failed: parts of a list. */
export function remarksOf(builder: BuilderReport): readonly string[] {
  const { state, declined, hasVanished, calibration } = builder;
  const remarks: string[] = [];
  if (state === 'declined' && declined != null) remarks.push(declined);
  if (hasVanished === true) remarks.push('vanished');
  // It takes no vote away: whoever reads on has to know where to look first.
  if (calibration?.outcome === 'suspect') remarks.push('suspect this machine first');
  if (calibration?.outcome === 'failed') remarks.push('its calibration did not build');
  return remarks;
}
