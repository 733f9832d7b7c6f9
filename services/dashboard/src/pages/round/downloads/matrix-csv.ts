import type { Report } from '#libs/contracts';
import { plain } from '#libs/contracts';
import { cellOf } from '../matrix/cell.js';

const HEAD = ['operator', 'builder', 'state', 'artifact', 'cluster', 'sha256', 'expected', 'told'];
const FIELD_CHARACTERS = 500;
/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Writes who built what as CSV: one line a builder and artifact, CR LF at the end of each.
 * Source: RFC 4180; OWASP, CSV injection
 */
export function matrixCsv(report: Report): string {
  const lines = report.builders.flatMap((builder) =>
    report.artifacts.map((artifact) => {
      const { letter, digest, words } = cellOf(builder, artifact);
      const who = [builder.operator, builder.builder, builder.state];
      return [...who, artifact.name, letter, digest ?? '', artifact.expected ?? '', words];
    }),
  );
  return [HEAD, ...lines].map((fields) => `${fields.map(csvField).join(',')}\r\n`).join('');
}

/** Writes one field so that nothing in it ends it or is computed. */
function csvField(text: string): string {
  // Cut and cleaned first: a control character before `=` would hide it from the test below.
  const safe = plain(text, FIELD_CHARACTERS).trim();
  const inert = FORMULA.test(safe) ? `'${safe}` : safe;
  return /[",']/.test(inert) || inert !== text ? `"${inert.replaceAll('"', '""')}"` : inert;
}
