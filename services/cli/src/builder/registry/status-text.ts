import { plain, type BuilderView } from '#libs/contracts';

/** What the text is drawn with. */
export interface StatusTextView {
  /** The builder's folder, for the commands; null where it is not known. */
  readonly dir: string | null;
  /** The coordinator that was asked, for the commands. */
  readonly coordinator: string;
  readonly now: Date;
}

/** An agent says that it is there every 15 seconds. */
const ALIVE_MS = 60_000;

type Step = readonly [isDone: boolean, what: string, detail: string];

/** Draws the way of a builder from nothing to running, and the command that comes next. */
export function statusText(
  builder: string,
  view: BuilderView | null,
  { dir, coordinator, now }: StatusTextView,
): string {
  const place = dir ?? 'DIR';
  const at = `--coordinator ${plain(coordinator, 300)}`;
  if (view === null) {
    return drawn(
      `builder ${builder}`,
      [
        [true, 'made', ''],
        [false, 'applied', ''],
      ],
      [enrollOf(at, place)],
    );
  }
  const { operator, status, appliedAt, approvedAt, lastSeenAt } = view;
  const isApproved = approvedAt !== null && status !== 'applied';
  const isAlive = lastSeenAt !== null && now.getTime() - Date.parse(lastSeenAt) < ALIVE_MS;
  const steps: readonly Step[] = [
    [true, 'made', ''],
    [true, 'applied', appliedAt],
    [isApproved, 'approved', isApproved ? approvedAt : ''],
    [isAlive, 'running', lastSeenAt === null ? '' : `last seen ${lastSeenAt}`],
    ...calibrationStep(view),
  ];
  const title = `builder ${builder} of ${plain(operator.name, 200)}: ${standing(view)}`;
  return drawn(title, steps, nextOf(view, { at, place, isAlive }));
}

function standing({ status, statusReason }: BuilderView): string {
  return statusReason === null ? status : `${status} (${plain(statusReason, 200)})`;
}

function calibrationStep({ calibration }: BuilderView): readonly Step[] {
  if (calibration === null || calibration.outcome === 'none') return [];
  const { outcome, differs } = calibration;
  if (outcome !== 'suspect') return [[outcome === 'passed', 'calibrated', outcome]];
  const facts = differs.map(
    ({ fact, own, others }) => `${fact} is ${own}, where others have ${others}`,
  );
  const why = ['suspect this machine first', ...facts].join('; ');
  return [[false, 'calibrated', plain(why, 1000)]];
}

interface NextView {
  readonly at: string;
  readonly place: string;
  readonly isAlive: boolean;
}

/** What is to be typed, in the order in which it is. */
function nextOf({ builder, status }: BuilderView, view: NextView): readonly string[] {
  const { at, place, isAlive } = view;
  const resume = [
    `repro-quorum builder resume ${builder} ${at} --operator-key FILE`,
    'where the group did it only the group resumes it: --token-file FILE, and no --operator-key',
  ];
  switch (status) {
    case 'applied':
      return [`for the group: repro-quorum builder approve ${builder} ${at} --token-file FILE`];
    case 'active':
      return isAlive ? [] : [`repro-quorum builder run --config ${place}/builder-agent.env`];
    case 'paused':
      return resume;
    case 'draining':
      return ['wait until it has nothing left to do, or keep it:', ...resume];
    case 'retired':
      return [enrollOf(at, place)];
    case 'revoked':
      return [`make another builder, with new keys: repro-quorum builder init --dir DIR ${at}`];
  }
}

function enrollOf(at: string, place: string): string {
  return `repro-quorum builder enroll ${at} --dir ${place} --operator-key FILE`;
}

function drawn(title: string, steps: readonly Step[], next: readonly string[]): string {
  const rows = steps.map(([isDone, what, detail]) =>
    `  ${isDone ? '✔' : '·'} ${what.padEnd(11)}${detail}`.trimEnd(),
  );
  const commands = next.length === 0 ? ['nothing: rounds may invite it'] : next;
  return [title, ...rows, 'next:', ...commands.map((line) => `  ${line}`)].join('\n');
}
