import type { DataSource } from 'typeorm';
import { createSigner, type Signer } from '#libs/attestation';
import type { Capabilities } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { BuilderEntity } from '#libs/persistence';

/** Nobody that was heard of then ever vanishes. */
const FAR_AHEAD = new Date('2100-01-01T00:00:00Z');

const MACHINE: Capabilities = {
  ...{ ramBytes: 32 * 1024 ** 3, diskBytes: 500 * 1024 ** 3, cpus: 8, slots: 1 },
  ...{ eras: ['2025-11'], virtualisation: 'kvm', isWsl: false, engine: 'podman' },
  ...{ exclusiveHours: null, agentVersion: '0.1.0', isolation: 'own-user' },
};

/** What is otherwise than of a sound machine that is always there. */
export interface Registered {
  readonly machine?: Partial<Capabilities>;
  readonly tags?: readonly string[];
  readonly calibration?: object | null;
  /** Null of one that was never heard of. */
  readonly lastSeenAt?: Date | null;
}

/** Puts a builder of the roster file into the registry, as one that was approved. */
export async function register(
  dataSource: DataSource,
  { signer, operator }: { readonly signer: Signer; readonly operator: string },
  { machine = {}, tags = [], calibration = null, lastSeenAt = FAR_AHEAD }: Registered = {},
): Promise<void> {
  const owner = createSigner(new Uint8Array(32).fill(200));
  await dataSource.getRepository(BuilderEntity).upsert(
    {
      ...{ id: signer.id, publicKey: toBase64(signer.publicKey), operator: owner.id },
      ...{ operatorLabel: operator, operatorPublicKey: toBase64(owner.publicKey) },
      ...{ status: 'active', capabilities: { ...MACHINE, ...machine }, tags: [...tags] },
      ...{ enrolment: '{}', natsPublicKey: 'U', calibration, lastSeenAt },
      ...{ signedAt: new Date(), appliedAt: new Date(), approvedAt: FAR_AHEAD },
    },
    ['id'],
  );
}
