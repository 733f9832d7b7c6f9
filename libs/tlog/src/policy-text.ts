import { quote } from '#libs/encoding';
import { formatCosignerVkey, parseCosignerVkey } from './cosignature.js';
import { TlogError } from './error.js';
import { formatVkey, parseVkey } from './note-key.js';
import { decodeText } from './text.js';
import { PolicyDraft, checkPolicy } from './witness-policy.js';
import type { WitnessPolicy } from './witness-policy.js';

/** Bytes of one policy file. */
export const MAX_POLICY_BYTES = 65_536;

/**
 * Writes a policy: logs, witnesses, groups and the quorum, a line each. Thresholds are numbers,
 * also where the text it was read from had `any` or `all`.
 *
 * @throws TlogError MALFORMED_POLICY when a name or a key stands in it twice, a group's members or
 *   the quorum are not defined before it, or a threshold cannot be met
 * @throws TlogError MALFORMED_KEY when a key has not 32 bytes or its name is none
 * @throws TlogError TOO_LARGE above {@link MAX_POLICY_BYTES}
 * Source: C2SP tlog-policy, "Policy file syntax and structure"
 */
export function formatPolicy(policy: WitnessPolicy): string {
  const { logs, witnesses, groups, quorum } = checkPolicy(policy);
  const lines = [
    ...logs.map(({ key, url }) => ['log', formatVkey(key.name, key.publicKey), url]),
    ...witnesses.map(({ name, key, url }) => {
      return ['witness', name, formatCosignerVkey(key.name, key.publicKey), url];
    }),
    ...groups.map(({ name, threshold, members }) => ['group', name, String(threshold), ...members]),
    ['quorum', quorum],
  ];
  const text = lines.map((items) => `${items.filter((item) => item !== undefined).join(' ')}\n`);
  return decodeText(text.join(''), MAX_POLICY_BYTES, 'MALFORMED_POLICY');
}

/**
 * Reads a policy. It has to be UTF-8, which the specification strongly recommends; names that
 * differ in one byte are different names, however alike they look.
 *
 * @throws TlogError MALFORMED_POLICY with the number of the line that breaks a rule
 * @throws TlogError UNSUPPORTED_KEY, with the line, when a log's key is not of type 0x01 or a
 *   witness's not of type 0x04
 * @throws TlogError TOO_LARGE above {@link MAX_POLICY_BYTES}
 * Source: C2SP tlog-policy, "Policy file syntax and structure"
 */
export function parsePolicy(input: Uint8Array | string): WitnessPolicy {
  const text = decodeText(withoutTabs(input), MAX_POLICY_BYTES, 'MALFORMED_POLICY');
  if (text.includes('\x7f')) throw malformed('the policy has a control character');
  if (!text.endsWith('\n')) throw malformed('the last line does not end in a newline');
  const draft = new PolicyDraft();
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    // Only ASCII spaces separate. A Unicode space belongs to the name it stands in.
    const items = line.split(/ +/).filter((item) => item !== '');
    if (items[0] === undefined || items[0].startsWith('#')) continue;
    try {
      readLine(draft, items);
    } catch (cause) {
      if (!(cause instanceof TlogError)) throw cause;
      const code = cause.code === 'UNSUPPORTED_KEY' ? cause.code : 'MALFORMED_POLICY';
      throw new TlogError(code, `line ${index + 1}: ${cause.message}`, { cause });
    }
  }
  return draft.finish();
}

function readLine(draft: PolicyDraft, [kind = '', ...items]: readonly string[]): void {
  switch (kind) {
    case 'log': {
      const [vkey = '', url] = counted(items, 1, 2, 'log VKEY [URL]');
      draft.addLog({ key: parseVkey(vkey), ...(url !== undefined && { url }) });
      return;
    }
    case 'witness': {
      const [name = '', vkey = '', url] = counted(items, 2, 3, 'witness NAME VKEY [URL]');
      draft.addWitness({ name, key: parseCosignerVkey(vkey), ...(url !== undefined && { url }) });
      return;
    }
    case 'group': {
      const [name = '', threshold = '', ...members] = counted(
        items,
        3,
        Infinity,
        'group NAME all|any|NUMBER NAME...',
      );
      draft.addGroup({ name, threshold: thresholdOf(threshold, members.length), members });
      return;
    }
    case 'quorum': {
      const [name = ''] = counted(items, 1, 1, 'quorum NAME');
      draft.setQuorum(name);
      return;
    }
    default:
      throw malformed(`${quote(kind)} is unknown, expected log, witness, group or quorum`);
  }
}

function counted(
  items: readonly string[],
  least: number,
  most: number,
  expected: string,
): readonly string[] {
  if (items.length >= least && items.length <= most) return items;
  throw malformed(`line has ${items.length + 1} items, expected ${quote(expected)}`);
}

function thresholdOf(text: string, members: number): number {
  if (text === 'any') return 1;
  if (text === 'all') return members;
  if (/^[1-9][0-9]{0,3}$/.test(text)) return Number(text);
  throw malformed(`threshold is ${quote(text)}, expected all, any or a plain decimal from 1`);
}

// Tabs separate like spaces here, but are refused in every text that is signed.
function withoutTabs(input: Uint8Array | string): Uint8Array | string {
  if (typeof input === 'string') return input.replaceAll('\t', ' ');
  return input.map((byte) => (byte === 0x09 ? 0x20 : byte));
}

function malformed(message: string): TlogError {
  return new TlogError('MALFORMED_POLICY', message);
}
