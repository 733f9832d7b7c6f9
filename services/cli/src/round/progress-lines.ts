import { plain, type Report } from '#libs/contracts';

/** Writes where a round and each of its builders stand, a line each. */
export function progressLines({ round, builders }: Pick<Report, 'round' | 'builders'>): string[] {
  const names = builders.map(({ operator }) => plain(operator, 40));
  const width = Math.max(0, ...names.map((name) => name.length));
  const rows = builders.map(({ state, stage, percent }, at) => {
    const done = percent === null ? '' : ` ${Math.round(percent)} %`;
    const detail = state === 'building' ? `${plain(stage ?? '', 40)}${done}` : '';
    return `  ${(names[at] ?? '').padEnd(width)} ${state} ${detail}`.trimEnd();
  });
  return [`round ${round?.round.slice(0, 12) ?? ''} ${round?.phase ?? ''}`.trimEnd(), ...rows];
}
