import { TallyOutput } from '../../services/cli/src/tally/tally-output.js';
import type { Ended } from './command-line.js';

/** Reads what `tally --json` printed, and refuses anything beside or outside of its schema. */
export function tallyOf({ stdout, stderr }: Ended): TallyOutput {
  if (stdout === '') throw new Error(`no data was printed: ${stderr}`);
  const json: unknown = JSON.parse(stdout);
  const parsed = TallyOutput.parse(json);
  if (JSON.stringify(parsed) !== JSON.stringify(json)) throw new Error(`unknown fields: ${stdout}`);
  return parsed;
}
