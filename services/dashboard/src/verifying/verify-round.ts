import { fromHex, sha256 } from '#libs/encoding';
import {
  MAX_BUNDLE_BYTES,
  openEntryBeside,
  verifyBundle,
  type EntryOpener,
  type OpenedEntry,
} from '#libs/evidence';
import { certifiedElection } from '#libs/nns';
import { auditSteps } from './audit-steps.js';
import { fetchWhole } from './fetch-whole.js';
import { auditorOf } from './policy-of.js';
import type { PolicyInput, Step, Told, Verified } from './protocol.js';

/** How many entries are opened between two words of progress. */
const PACE = 8;
const IDENTITY = 'The file is of this round';

/**
 * Fetches the evidence of a round and verifies it by the reader's policy: by the code, and with the
 * answers, of `repro-quorum verify`.
 *
 * @throws Refusal
 */
export async function verifyRound(
  round: string,
  input: PolicyInput,
  tell: (told: Told) => void,
): Promise<Verified> {
  // What was typed is looked at before anything is fetched.
  const auditor = auditorOf(input);
  const bytes = await fetchWhole(`/v1/rounds/${round}/bundle`, MAX_BUNDLE_BYTES, (size) => {
    tell({ kind: 'fetching', bytes: size });
  });
  const fetched = fetchedStep(bytes);
  let entries = 0;
  const count = async (opening: Promise<OpenedEntry>): Promise<OpenedEntry> => {
    const opened = await opening;
    entries += 1;
    if (entries % PACE === 0) tell({ kind: 'verifying', entries });
    return opened;
  };
  const open: EntryOpener = (sealed) => {
    const { presumed, opened } = openEntryBeside(sealed);
    return { presumed, opened: count(opened) };
  };
  tell({ kind: 'verifying', entries });
  const { nnsRootKey } = auditor.policy;
  const rootKey = nnsRootKey === undefined ? undefined : fromHex(nnsRootKey);
  const audit = await verifyBundle(bytes, auditor, {
    ...{ at: new Date(), open },
    verifyCertificate: (evidence) => certifiedElection(evidence, { rootKey }),
  });
  const counted = { entries, hasOwnRootKey: rootKey !== undefined };
  const steps = [fetched, identityStep(round, audit.round), ...auditSteps(audit, counted)];
  return {
    // Whoever serves the file could serve another round's, which is as good as it says.
    outcome: steps.some(({ title, state }) => title === IDENTITY && state === 'fails')
      ? 'bad-evidence'
      : audit.outcome,
    steps,
    policy: `${JSON.stringify(auditor.policy, null, 2)}\n`,
  };
}

function identityStep(asked: string, found: string | null): Step {
  return {
    title: IDENTITY,
    state: found === null ? 'unreached' : found === asked ? 'holds' : 'fails',
    said: found === null ? '' : `round ${found}`,
    ...{ findings: [], more: 0 },
  };
}

function fetchedStep(bytes: Uint8Array): Step {
  return {
    title: 'The evidence is fetched',
    state: 'holds',
    said: `${bytes.length} bytes, SHA-256 ${sha256(bytes)}`,
    ...{ findings: [], more: 0 },
  };
}
