import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSigner,
  envelopeDigest,
  parseStatement,
  signStatement,
  unverifiedPayload,
} from '#libs/attestation';
import { AccessTokenView, CreatedToken } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { ADMIN_TOKEN, CoordinatorClient, Joining, makeComer, type Quorum } from '#libs/testing';
import {
  ed25519Signer,
  formatAddCheckpoint,
  formatCheckpoint,
  formatVkey,
  hashLeaf,
  rootOf,
  signNote,
} from '#libs/tlog';
import { startNns } from '../world/nns/index.js';

/** A log that the coordinator is a witness of. */
const OTHER_LOG = 'other.example/log';
const otherKey = createSigner(new Uint8Array(32).fill(77));
const OPERATORS = ['acme', 'bits', 'coop'] as const;

/** A coordinator that has one of everything that its API can be asked about. */
export interface World {
  readonly url: string;
  /** What every parameter in a path can stand for, each in its own routes; all of it is there. */
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** Queries without which an operation answers nothing, by its id. */
  readonly queries: Readonly<Record<string, string>>;
  readonly joining: Joining;
  /** May do everything. */
  readonly token: string;
  /** Has a scope that no operation asks for. */
  readonly weakToken: string;
  readonly api: CoordinatorClient;
  /** Makes one more subscription, and gives its id. */
  readonly subscribe: () => Promise<string>;
  /** Builders of the roster, by id. */
  readonly builders: readonly string[];
  /** What asks the witness to cosign once more the tree of one leaf that it has cosigned. */
  readonly addCheckpoint: string;
  close(): Promise<void>;
}

/** Operators of the coordinator that {@link makeWorld} is given, one builder each. */
export const WORLD_OPERATORS = Object.fromEntries(OPERATORS.map((name) => [name, 1]));

/** Plays a round to its end, lets builders join, and makes whatever else there is to ask for. */
export async function makeWorld(quorum: Quorum & { api: CoordinatorClient }): Promise<World> {
  const nns = await startNns();
  const rootKeyFile = join(quorum.directory, 'root.der');
  await writeFile(rootKeyFile, nns.rootKey);
  const witnessKeyFile = join(quorum.directory, 'witness.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(witnessKeyFile, pem, { mode: 0o600 });
  const started = await quorum.start({
    NNS_URL: nns.url,
    NNS_ROOT_KEY_FILE: rootKeyFile,
    WITNESS_KEY_FILE: witnessKeyFile,
    WITNESSED_LOGS: formatVkey(OTHER_LOG, otherKey.publicKey),
  });
  const api = new CoordinatorClient(started.url);
  const here = Object.assign(quorum, { api });
  const joining = new Joining(() => here);

  const proposal = String(
    nns.propose({
      ...{ kind: 'elect-guestos', commit: 'cd'.repeat(20), sha256: 'ab'.repeat(32) },
      urls: [
        `https://download.example/ic/${'cd'.repeat(20)}/guest-os/update-img/update-img.tar.zst`,
      ],
    }),
  );
  await api.open({ proposal });
  const round = await playRound(here);
  const [opened] = await api.logged(round);
  if (opened === undefined) throw new Error('the round is not logged');
  const { id } = await joining.approved();
  await joining.enrol(makeComer().enrol);
  const token = await tokenOf(api, ['keys']);
  const spare = await tokenOf(api, ['keys']);
  await fetch(`${started.url}/v1/witness/add-checkpoint`, {
    method: 'POST',
    body: checkpointRequest(0n),
  });
  const members = [...OPERATORS];
  await change(api.url, 'PUT', '/v1/groups/guild', { name: 'Guild', members, threshold: '2' });
  const subscribe = async (): Promise<string> => {
    const made = await change(api.url, 'POST', '/v1/subscriptions', SUBSCRIPTION);
    return idsIn(made)[0] ?? '';
  };
  return {
    url: started.url,
    params: {
      ...{ round: [round], proposal: [proposal], builder: [id], group: ['guild'] },
      ...{ sha256: [envelopeDigest(opened.envelope)], origin: [sha256(OTHER_LOG)] },
      ...{ index: ['0'], path: ['0/000.p/1'], order: ['pause'] },
      id: [spare.view.id, await subscribe(), (await joining.invite()).id],
    },
    queries: { getCloseEvidence: `?builder=${here.builder('acme').id}` },
    ...{ api, joining, subscribe, token: ADMIN_TOKEN, weakToken: token.token },
    builders: here.builders.map((builder) => builder.id),
    addCheckpoint: checkpointRequest(1n),
    close: async () => {
      await quorum.stop(started);
      await nns.close();
    },
  };
}

/** A subscription that nobody hears of. */
export const SUBSCRIPTION = {
  ...{ channel: 'webhook', target: 'https://hooks.example/quorum', label: 'a spec' },
} as const;

async function change(url: string, method: string, path: string, body: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  // No such route: then no operation is asked with it either.
  if (response.status === 404) return {};
  throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
}

/** Finds what an answer calls `id`, however deep it stands. */
function idsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    key === 'id' && typeof item === 'string' ? [item] : idsIn(item),
  );
}

/** A round in which one of three built other bytes, and another countersigned the verdict. */
async function playRound({
  api,
  builders,
}: Quorum & { readonly api: CoordinatorClient }): Promise<string> {
  const round = await api.open({ commit: '01'.repeat(20) });
  const sealed = await Promise.all(
    builders.map(async (builder, at) => {
      const invitation = await builder.invitation(round);
      return { builder, ...builder.seal(invitation, at === 2 ? 'other' : 'good') };
    }),
  );
  for (const { builder, commit } of sealed) await builder.commit(commit);
  await Promise.all(builders.map((builder) => builder.close(round)));
  for (const { builder, result } of sealed) await builder.reveal(result);
  await api.reportIn('final', round);
  const [first] = builders;
  if (first === undefined) throw new Error('there are no builders');
  const { verdict } = await first.verdict(round);
  const payload = parseStatement(unverifiedPayload(verdict));
  await first.answer(round, signStatement(payload, first.signer));
  return round;
}

/** Makes a token by another one. */
export async function tokenOf(
  api: CoordinatorClient,
  scopes: AccessTokenView['scopes'],
): Promise<CreatedToken> {
  const response = await api.post('/v1/tokens', { scopes, label: 'a spec', days: 1 });
  return CreatedToken.parse(await response.json());
}

function checkpointRequest(oldSize: bigint): string {
  const signer = ed25519Signer(OTHER_LOG, otherKey.publicKey, (text) => otherKey.sign(text));
  const root = rootOf([hashLeaf(Buffer.from('a leaf'))]);
  const text = formatCheckpoint({ origin: OTHER_LOG, size: 1n, root });
  return formatAddCheckpoint({ oldSize, proof: [], checkpoint: signNote(text, [signer]) });
}
