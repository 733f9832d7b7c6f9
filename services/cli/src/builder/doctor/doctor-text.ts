import {
  commandText,
  gigabytes,
  type CheckLevel,
  type FixStep,
  type MachineFinding,
} from '#libs/fingerprint';
import type { Diagnosis } from './diagnosis.js';
import { wrap } from './wrap.js';

/** How it is drawn. */
export interface DoctorView {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
  /** Commands for root have no `sudo` then. */
  readonly isRoot: boolean;
}

/** A mark, and its colour in SGR; the word stands beside it, for who sees neither. */
const MARKS: Readonly<Record<CheckLevel, readonly [mark: string, color: number]>> = {
  ok: ['✓', 32],
  warning: ['!', 33],
  error: ['✗', 31],
  unknown: ['?', 36],
};
const FOLDERS = ['build', 'cache', 'temp', 'home'] as const;
const MIN_WIDTH = 40;
/** Below this the found value gets a line of its own. */
const NARROW = 72;
const NAME_WIDTH = 16;
const LABEL_WIDTH = 9;

/** Draws what the doctor found: a line for each check, and reason, source and fix of each fault. */
export function doctorText(diagnosis: Diagnosis, view: DoctorView): string {
  const width = Math.max(MIN_WIDTH, view.width);
  const rows = diagnosis.findings.flatMap((finding) => findingLines(finding, { ...view, width }));
  return [...headLines(diagnosis, width), '', ...rows, '', ...wrap(summary(diagnosis), width)].join(
    '\n',
  );
}

function headLines({ era, needs, folders }: Diagnosis, width: number): readonly string[] {
  const engine = needs.engine ?? 'no container';
  const disk = needs.minimumDiskBytes > 0 ? `, ${gigabytes(needs.minimumDiskBytes)} free` : '';
  const blocks = [...new Set(era.tempRules.map((rule) => String(rule.blockSizeBytes)))].join(', ');
  const rule =
    blocks === '' ? '' : `; some of its commits refuse temp blocks of other than ${blocks} bytes`;
  return [
    ...wrap(`builds of the era ${era.id} need ${engine}${disk}${rule}`, width),
    ...FOLDERS.flatMap((name) => labelled(name, folders[name], 2, width)),
  ];
}

function findingLines(
  { check, level, found, expected, why, source, fix }: MachineFinding,
  { width, color, isRoot }: DoctorView,
): readonly string[] {
  const [mark, sgr] = MARKS[level];
  const word = `${mark} ${level.padEnd(7)}`;
  const head = color ? `\u001b[${String(sgr)}m${word}\u001b[0m` : word;
  const isNarrow = width < NARROW;
  const indent = isNarrow ? 2 : word.length + 2 + NAME_WIDTH + 2;
  const [first = '', ...more] = wrap(found, width - indent);
  const lines = isNarrow
    ? [`${head}  ${check}`, ...indented([first, ...more], indent)]
    : [`${head}  ${check.padEnd(NAME_WIDTH)}  ${first}`, ...indented(more, indent)];
  if (level === 'ok') return lines;
  const detail = isNarrow ? 4 : word.length + 2;
  return [
    ...lines,
    ...labelled('expected', expected, detail, width),
    ...labelled('why', why, detail, width),
    ...labelled('source', source ?? 'none', detail, width),
    ...fix.flatMap((step) => labelled('fix', stepText(step, isRoot), detail, width)),
  ];
}

/** Tells a step in words, and below them the command or the file. */
export function stepText(step: FixStep, isRoot: boolean): string {
  const { text, file } = step;
  const command = commandText(step, isRoot);
  if (command !== null) return `${text}:\n${command}`;
  if (file === undefined) return text;
  return `${text}: write ${file.path}\n${file.content.trimEnd()}`;
}

function summary({ findings, jobs }: Diagnosis): string {
  const count = (level: CheckLevel): string =>
    String(findings.filter((finding) => finding.level === level).length);
  const errors = findings.filter(({ level }) => level === 'error').map(({ check }) => check);
  const counts = `errors ${count('error')}, warnings ${count('warning')}, unknown ${count('unknown')}, ok ${count('ok')}`;
  const verdict =
    errors.length === 0
      ? 'builds can begin'
      : `no build can begin before this is mended: ${errors.join(', ')}`;
  return `${counts}: ${verdict}.\n--jobs ${String(jobs)} suits this machine: 2 GB of memory for each job, by rule of thumb.`;
}

function labelled(label: string, text: string, indent: number, width: number): readonly string[] {
  const [first = '', ...more] = wrap(text, width - indent - LABEL_WIDTH);
  return [
    `${' '.repeat(indent)}${label.padEnd(LABEL_WIDTH)}${first}`,
    ...indented(more, indent + LABEL_WIDTH),
  ];
}

function indented(lines: readonly string[], indent: number): readonly string[] {
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}
