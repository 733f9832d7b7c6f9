import type { ReactNode } from 'react';
import { plain, type BuilderView } from '#libs/contracts';
import { Digest } from '../../components/digest.js';
import { Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';

const GIB = 1024 ** 3;

/** Who answers for a builder, and what its machine says of itself. */
export function MachineFacts(props: {
  readonly builder: BuilderView;
  readonly now: Date;
}): ReactNode {
  const { operator, tags, capabilities, lastSeenAt, agentVersion, heartbeat } = props.builder;
  const { approvedAt, statusReason } = props.builder;
  return (
    <Facts
      rows={[
        ['Operator', `${plain(operator.name, 100)} (${plain(operator.id, 100)})`],
        [
          "Operator's key",
          <Digest key="key" value={operator.publicKey} what="key of the operator" isWhole />,
        ],
        ['Reason', statusReason === null ? null : plain(statusReason)],
        ['Tags', tags.map((tag) => plain(tag, 40)).join(', ')],
        ['Approved', approvedAt === null ? null : <Moment at={approvedAt} />],
        [
          'Last heard of',
          lastSeenAt === null ? 'never' : <Moment key="seen" at={lastSeenAt} now={props.now} />,
        ],
        ['Agent', agentVersion === null ? null : plain(agentVersion, 60)],
        [
          'Building now',
          heartbeat === null ? null : `${heartbeat.running.length} of ${heartbeat.slots}`,
        ],
        ['System', plain(capabilities.hostOs ?? '', 80)],
        [
          'Machine, in its own words',
          `${capabilities.cpus} processors, ${gibibytes(capabilities.ramBytes)} memory, ${gibibytes(capabilities.diskBytes)} free for builds`,
        ],
        ['Virtualisation', plain(capabilities.virtualisation ?? 'not known', 40)],
        ['Containers', plain(capabilities.engine ?? 'none', 40)],
        ['Builds are kept apart by', plain(capabilities.isolation, 40)],
      ]}
    />
  );
}

function gibibytes(bytes: number): string {
  return `${Math.round(bytes / GIB)} GiB`;
}
