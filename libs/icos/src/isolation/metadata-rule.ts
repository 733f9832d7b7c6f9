import { execa } from 'execa';
import { SYSTEM_PATH } from '../build/system-path.js';
import type { BuildUser } from './build-user.js';
import { askAs } from './run-as.js';

/**
 * Whether a build's user can reach the addresses at which clouds tell a machine its credentials: the
 * kernel refuses; nobody answers, as where there is no cloud, or a service's own filter is in force;
 * or somebody does.
 */
export type MetadataState = 'blocked' | 'silent' | 'open';

/**
 * Where clouds answer: most of them, those of containers, Alibaba, and Amazon by IPv6. By TCP only: at
 * the first, some answer for names as well.
 *
 * Source: docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html;
 * docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint.html;
 * cloud.google.com/compute/docs/metadata/overview; alibabacloud.com/help/ecs/user-guide/view-instance-metadata
 */
const ADDRESSES = [
  ['-4', '169.254.169.254'],
  ['-4', '169.254.170.2'],
  ['-4', '100.100.100.200'],
  ['-6', 'fd00:ec2::254'],
] as const;

/** Before every rule that says where packets go, and after the one of this machine's own addresses. */
const PREFERENCE = '1042';
const TIMEOUT_MS = 10_000;

/**
 * Makes addresses of cloud metadata unreachable for a build's user and its containers' users, until
 * the machine is started anew. Root only. By routing rules, which every kernel of a distribution has
 * and which no firewall's reload takes away.
 *
 * What the build does as root, through sudo, is not the user's: nothing here stops it.
 * Source: ip-rule(8), uidrange and prohibit
 */
export async function blockMetadata(user: BuildUser): Promise<MetadataState> {
  // The kernel takes the same rule twice in some versions.
  await unblockMetadata(user);
  for (const rule of rulesFor(user)) await ip([rule.family, 'rule', 'add', ...rule.selector]);
  return readMetadata(user);
}

/** Takes the rules of {@link blockMetadata} away; those that are not there are no error. */
export async function unblockMetadata(user: BuildUser): Promise<void> {
  for (const rule of rulesFor(user)) await ip([rule.family, 'rule', 'del', ...rule.selector]);
}

interface Rule {
  readonly family: '-4' | '-6';
  readonly selector: readonly string[];
}

function rulesFor({ uid, subordinateIds }: BuildUser): readonly Rule[] {
  const ranges = [{ first: uid, count: 1 }, ...subordinateIds];
  return ADDRESSES.flatMap(([family, address]) =>
    ranges.map(({ first, count }) => ({
      family,
      selector: [
        ...['pref', PREFERENCE, 'uidrange', `${first}-${first + count - 1}`],
        ...['ipproto', 'tcp', 'to', address, 'prohibit'],
      ],
    })),
  );
}

/**
 * Asks the kernel where a packet of the build's user to these addresses would go; and where there is
 * a way, knocks at the first of them as that user.
 * Source: ip-route(8), get
 */
export async function readMetadata(user: BuildUser): Promise<MetadataState> {
  const ways = await Promise.all(
    ADDRESSES.map(async ([family, address]) =>
      ip([family, 'route', 'get', address, 'ipproto', 'tcp', 'uid', `${user.uid}`]),
    ),
  );
  if (!ways.includes('routed')) return 'blocked';
  const knock = `exec 3<>/dev/tcp/${ADDRESSES[0][1]}/80`;
  const isOpen = await askAs(user, ['timeout', '2', '/bin/bash', '-c', knock]);
  return isOpen ? 'open' : 'silent';
}

/** `routed` also where it could not be asked: it is never said without reason that a way is closed. */
async function ip(args: readonly string[]): Promise<'routed' | 'refused'> {
  const { exitCode, stderr } = await execa('ip', args, {
    ...{ env: { PATH: SYSTEM_PATH, LC_ALL: 'C' }, extendEnv: false, reject: false },
    ...{ stdin: 'ignore', stdout: 'ignore', timeout: TIMEOUT_MS },
  });
  if (exitCode === undefined || exitCode === 0) return 'routed';
  // A machine without IPv6 has no way there either.
  return /RTNETLINK answers|unreachable|prohibited|not supported/i.test(stderr)
    ? 'refused'
    : 'routed';
}
