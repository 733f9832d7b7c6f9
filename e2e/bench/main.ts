import { parseArgs } from 'node:util';
import type { Benchmark, Figure } from './benchmark.js';
import { BENCHMARKS } from './benchmarks.js';
import { drawFigure } from './draw-figure.js';

const USAGE = `usage: ./run bench [--list] [--json] [--quick] [NAME...]

Measures, all or what is named, and prints ratios to each benchmark's first line. Compare within one
run only: machines differ, and the same one differs from minute to minute. With --quick, what takes
minutes is only tried at small sizes, and its ratios say nothing. A goal that is seen to be missed is
marked; a wrong answer ends it with exit code 1.

${listed()}`;

interface Measured {
  readonly name: string;
  readonly figures: readonly Figure[];
}

/** Runs benchmarks: figures on stdout, the rest on stderr. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean' },
      json: { type: 'boolean' },
      quick: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.list === true || values.help === true) {
    process.stdout.write(values.list === true ? listed() : USAGE);
    return 0;
  }
  const unknown = positionals.find((name) => BENCHMARKS.every((known) => known.name !== name));
  if (unknown !== undefined) {
    process.stderr.write(`bench: there is no benchmark ${JSON.stringify(unknown)}\n${USAGE}`);
    return 2;
  }
  const wanted = BENCHMARKS.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const measured: Measured[] = [];
  const [print, isQuick] = [values.json !== true, values.quick === true];
  for (const benchmark of wanted) measured.push(await measure(benchmark, print, isQuick));
  if (values.json === true) process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
  return 0;
}

async function measure(
  { name, question, run }: Benchmark,
  print: boolean,
  isQuick: boolean,
): Promise<Measured> {
  process.stderr.write(`bench: ${name}: ${question}\n`);
  const tell = (line: string): void => void process.stderr.write(`bench: ${name}: ${line}\n`);
  const figures = await run({ isQuick, tell });
  if (print) process.stdout.write([name, ...figures.flatMap(drawFigure), ''].join('\n'));
  return { name, figures };
}

function listed(): string {
  return BENCHMARKS.map(({ name, question }) => `${name.padEnd(20)} ${question}\n`).join('');
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage =
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
