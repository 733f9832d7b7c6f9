import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportMarkdown, reportTerminal } from '#libs/contracts';
import { CannotRunHere, runScenario, type Played } from '../scenarios/run-scenario.js';
import { findScenario, SCENARIOS } from '../scenarios/scenarios.js';

const USAGE = `usage: ./run demo [--scenario NAME] [--json FILE] [--out DIR]

Scenarios:
${SCENARIOS.map(({ name, story }) => `  ${name.padEnd(26)} ${story}`).join('\n')}
`;

/** Five builders rebuild one release on this machine, and one verdict comes out. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', default: 'seed-split' },
      json: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const scenario = findScenario(values.scenario);
  if (scenario === undefined) {
    process.stderr.write(`demo: there is no scenario ${JSON.stringify(values.scenario)}\n${USAGE}`);
    return 2;
  }
  const played = await runScenario(scenario, {
    say: (text) => process.stderr.write(`demo: ${text}\n`),
    isLive: true,
  });
  const color = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  process.stdout.write(reportTerminal(played.report, { color }));
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify(played.report, null, 2)}\n`);
  }
  if (values.out !== undefined) await writeAll(values.out, played);
  return 0;
}

async function writeAll(out: string, { report, attestations, vkey }: Played): Promise<void> {
  await mkdir(join(out, 'attestations'), { recursive: true });
  await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(out, 'report.md'), reportMarkdown(report));
  await writeFile(join(out, 'log.vkey'), vkey);
  for (const { index, kind, envelope, proof } of attestations?.attestations ?? []) {
    const name = join(out, 'attestations', `${String(index).padStart(4, '0')}-${kind}`);
    await writeFile(`${name}.dsse.json`, `${JSON.stringify(envelope)}\n`);
    if (proof !== null) await writeFile(`${name}.tlog-proof`, proof);
  }
  process.stderr.write(`demo: report and attestations are in ${out}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isKnown =
    error instanceof CannotRunHere ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  process.stderr.write(`demo: ${isKnown ? error.message : String(error)}\n`);
  if (!isKnown && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = isKnown ? 2 : 1;
}
