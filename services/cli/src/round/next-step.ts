import type { ProblemCode } from '#libs/contracts';
import { docPage } from '../doc-page.js';

const TOKEN =
  'a token is made by `repro-quorum coordinator token create --scope rounds --label NAME`; give it with --token-file FILE or REPRO_QUORUM_TOKEN';
const LIST = 'see `repro-quorum round list`';
const SHOW = 'see `repro-quorum round show ROUND`';
const BUILDERS = 'see `repro-quorum builder list`';
const KEYS = `${docPage('keys')} has each step of a key, in order`;
const COORDINATOR = 'whoever runs the coordinator finds why in its log; try again later';
const PROPOSAL = 'see whether the number is right: dashboard.internetcomputer.org/proposal/NUMBER';

/** What to type or to do next, by the code of a problem. */
const STEPS: Partial<Readonly<Record<ProblemCode, string>>> = {
  'token-required': TOKEN,
  'token-unknown': TOKEN,
  'token-expired': TOKEN,
  'token-revoked': TOKEN,
  'scope-missing':
    'whoever has scope admin makes a token with it: `repro-quorum coordinator token create --scope …`',
  'scope-not-held': 'ask for scopes that your own token has, or use a token with more',
  'token-in-url': 'give the token with --token-file FILE or REPRO_QUORUM_TOKEN',
  'no-such-token': 'see `repro-quorum coordinator token list`',
  'no-such-group': 'see `repro-quorum group list`',
  'no-such-subscription': 'see `repro-quorum news list`',
  'no-such-round': LIST,
  'not-in-round': SHOW,
  'operator-not-asked': SHOW,
  'no-round-yet': 'open one: `repro-quorum round open PROPOSAL`',
  'no-such-proposal': 'have it read: `repro-quorum round open PROPOSAL`',
  'round-not-final': 'follow it: `repro-quorum round watch ROUND`',
  'no-explanation': 'follow it to its verdict: `repro-quorum round watch ROUND`',
  'no-such-attestation': SHOW,
  'no-joint-statement': SHOW,
  'forbidden-transition': SHOW,
  'already-invited': SHOW,
  'not-amendable': 'open another: `repro-quorum round open`',
  'too-many-amendments': 'open another: `repro-quorum round open`',
  'bad-threshold': 'give a count or a fraction: --threshold 3, --threshold 2/3',
  'threshold-too-low': 'ask for at least two, and for more than half: --threshold 2/3',
  'threshold-out-of-reach': `invite more builders, or ask for fewer; ${BUILDERS}`,
  'unknown-builder': BUILDERS,
  'no-such-builder': BUILDERS,
  'builder-not-active': BUILDERS,
  'order-unusable': 'see how it stands, and whose it is: `repro-quorum builder status BUILDER`',
  'builder-status': 'see `repro-quorum builder status BUILDER`',
  'key-not-active': 'its operator renews it: `repro-quorum builder rotate`',
  'ask-unmet': `ask for less, or let more builders in; ${BUILDERS}`,
  'too-many-builders': 'name some with --builders, or ask for as many as are needed with --ask',
  'round-too-large': 'name fewer with --builders, or ask for as many as are needed with --ask',
  'not-a-commit': 'give all 40 characters: `git rev-parse COMMIT`',
  'not-an-election': PROPOSAL,
  'not-ic-os': PROPOSAL,
  'invalid-argument': PROPOSAL,
  'payload-blanked': 'wait until a replica answers with the payload, and try again',
  unreachable: 'try again; no replica of the Internet Computer answered the coordinator',
  'builder-away': 'see whether it runs: `repro-quorum builder status BUILDER`',
  'application-changed': 'see it anew: `repro-quorum builder list --status applied`',
  'application-outdated': 'apply anew: `repro-quorum builder enroll`',
  'application-unusable': 'apply anew: `repro-quorum builder enroll`',
  'no-such-invite': 'see `repro-quorum builder invites`',
  'invite-used': BUILDERS,
  'invite-unusable': 'ask the group for another: `repro-quorum builder invite`',
  'too-many-requests': 'wait a minute, and try again',
  busy: 'wait a moment, and try again',
  'no-key-records': KEYS,
  'unknown-key': KEYS,
  'known-key': KEYS,
  'already-rotated': KEYS,
  'already-revoked': KEYS,
  'out-of-order': 'submit the record again',
} as const satisfies Readonly<Record<string, string>>;

const BY_CODE: ReadonlyMap<string, string> = new Map(Object.entries(STEPS));

/** Says what to do about a problem, by its code or, where that has no step of its own, its status. */
export function nextStep(code: string, status: number): string {
  const step = BY_CODE.get(code);
  if (step !== undefined) return step;
  if (status >= 500) return COORDINATOR;
  if (status === 401 || status === 403) return `${docPage('access')} tells who may do what`;
  if (status === 404) return 'is the coordinator of another version? `repro-quorum --version`';
  return `${docPage('protocol')} tells when ${/^[a-z-]{1,60}$/.test(code) ? code : 'that'} comes`;
}
