import type { BuilderApplication } from '#libs/attestation';
import { plain, type BuilderView, type Capabilities } from '#libs/contracts';
import { gigabytes } from '#libs/fingerprint';

type Line = readonly [name: string, value: string];

/** Lists what an application tells, a line each. */
export function applicationText(application: BuilderApplication): string {
  const { coordinator, capabilities, tags, contact } = application;
  return drawn('application', [
    ['to the log of', coordinator],
    ...capabilityLines(capabilities, tags),
    ['contact, not public', contact ?? 'none'],
  ]);
}

/** Lists what the group is to look at before it approves a builder. */
export function applicantText(view: BuilderView, contact: string | null): string {
  const { builder, operator, status, appliedAt, capabilities, tags } = view;
  return drawn(`builder ${builder}`, [
    ['status', status],
    ['operator', operator.id],
    ["operator's name", operator.name],
    ["operator's key", operator.publicKey],
    ['applied', appliedAt],
    ...capabilityLines(capabilities, tags),
    ['contact, not public', contact ?? 'none'],
  ]);
}

function capabilityLines(capabilities: Capabilities, tags: readonly string[]): readonly Line[] {
  const { ramBytes, diskBytes, cpus, eras, virtualisation, isWsl, engine } = capabilities;
  const { exclusiveHours: hours, slots, agentVersion, isolation, hostOs } = capabilities;
  return [
    ['memory, disk', `${gigabytes(ramBytes)}, ${gigabytes(diskBytes)} free`],
    ['processors, slots', `${cpus}, ${slots}`],
    ['eras', eras.join(', ') || 'none: `builder doctor` tells why'],
    ['system', `${hostOs ?? 'unknown'}${isWsl ? ', in WSL' : ''}`],
    ['virtualisation', virtualisation ?? 'unknown'],
    ['engine, isolation', `${engine ?? 'none'}, ${isolation}`],
    ['hours', hours === null ? 'always' : `${hours.from}-${hours.to} ${hours.timeZone}`],
    ['tags', tags.join(', ') || 'none'],
    ['agent', agentVersion],
  ];
}

/** Draws names and values in two columns. Values are strangers' words. */
function drawn(title: string, lines: readonly Line[]): string {
  return [title, ...lines.map(([name, value]) => `  ${name.padEnd(22)} ${plain(value, 300)}`)].join(
    '\n',
  );
}
