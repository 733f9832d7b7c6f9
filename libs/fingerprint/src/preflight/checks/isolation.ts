import { check, ok, unknown, warning, type Judgement, type Machine } from '../machine-check.js';
import { asRoot, byHand } from '../steps.js';

const NAME = 'repro-quorum-build';

function isAsked(machine: Machine): boolean {
  return machine['isolation.user'] !== null;
}

function hasUser(machine: Machine): boolean {
  return machine['isolation.user'] === 'own';
}

/** What is said of each kind of user. */
const BY_USER = new Map<unknown, () => Judgement>(
  Object.entries({
    own: () => ok('builds have a user of their own'),
    missing: () =>
      warning(
        'there is no such user',
        asRoot(
          'make a user for builds, who cannot log in',
          ...(['useradd', '--system', '--user-group', '--no-create-home'] as const),
          ...['--shell', '/usr/sbin/nologin', '--', NAME],
        ),
      ),
    'can-log-in': () =>
      warning(
        'a user who can log in, whom the agent refuses',
        byHand('name a user in BUILD_USER whose shell is nologin: all it runs is ended'),
      ),
    root: () => warning('root, whom the agent refuses', byHand('name another in BUILD_USER')),
    'no-rights': () =>
      warning(
        'this does not run as root, so builds run as the agent',
        byHand('run the agent as root, which runs builds as another; or give it a machine'),
      ),
  }),
);

/** Whether a stranger's build script is kept from what is the agent's. */
export const isolationChecks = [
  check('build-user', {
    expected: 'the agent runs as root, and builds as a user who cannot log in',
    hard: null,
    warns: 'there is no such user, or the agent is not root',
    why: 'who builds as the agent can read its keys: the script is a stranger’s program',
    source: null,
    concerns: isAsked,
    judge: ({ 'isolation.user': state }) => (BY_USER.get(state) ?? unknown)(),
  }),
  check('build-root', {
    expected: 'no known way by which the build’s user becomes root',
    hard: null,
    warns: 'sudo without a password, or an engine’s socket that it may write to',
    why: 'whoever becomes root is held by nothing but the machine itself',
    source: null,
    concerns: hasUser,
    judge: ({ 'isolation.root': way }) => {
      if (way === null) return unknown();
      if (way === 'none') return ok('none is known');
      return warning(
        way === 'sudo' ? 'sudo works without a password' : 'it may write to an engine’s socket',
        byHand(
          'releases of today need it: then give the builder a machine that holds nothing else',
        ),
      );
    },
  }),
  check('metadata', {
    expected: 'the build’s user cannot reach the addresses of cloud metadata',
    hard: null,
    warns: 'it can',
    why: 'clouds tell a machine’s credentials to every program on it',
    source: 'docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html',
    concerns: hasUser,
    judge: ({ 'isolation.metadata': state }) => {
      if (state === null) return unknown();
      if (state === 'blocked') return ok('the kernel refuses');
      return warning(
        'a way is open',
        byHand(
          'start the agent as root: it makes the rules, which hold until the machine restarts',
        ),
      );
    },
  }),
] as const;
