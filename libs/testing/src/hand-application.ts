import { randomBytes } from 'node:crypto';
import {
  builderApplicationStatement,
  builderOrderStatement,
  signStatement,
  type BuilderApplication,
  type BuilderOrder,
  type Capabilities,
  type Envelope,
  type Signer,
} from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { makeOperator } from './hand-keys.js';

/** Gives what a machine may say of itself; `over` makes it another one. */
export function makeCapabilities(over: Partial<Capabilities> = {}): Capabilities {
  return {
    ...{ ramBytes: 32e9, diskBytes: 500e9, cpus: 8, eras: ['newest'], virtualisation: null },
    ...{ isWsl: false, engine: 'podman', exclusiveHours: null, slots: 1 },
    ...{ agentVersion: '0.6.0', isolation: 'own-user', ...over },
  };
}

/** Applies as a builder would, to the coordinator of a log; `over` makes it say something else. */
export function signApplication(
  attestation: Signer,
  coordinator: string,
  over: Partial<BuilderApplication> = {},
): Envelope {
  const application: BuilderApplication = {
    coordinator,
    builder: attestation.id,
    publicKey: toBase64(attestation.publicKey),
    capabilities: makeCapabilities(),
    tags: [],
    contact: null,
    at: new Date().toISOString(),
    ...over,
  };
  return signStatement(builderApplicationStatement(application), attestation);
}

/** Orders something of a builder as its operator would. */
export function signOrder(
  operator: Signer,
  order: Pick<BuilderOrder, 'coordinator' | 'builder' | 'order'> & Partial<BuilderOrder>,
): Envelope {
  const said: BuilderOrder = {
    operator: makeOperator(operator),
    reason: 'maintenance',
    nonce: randomBytes(16).toString('hex'),
    at: new Date().toISOString(),
    ...order,
  };
  return signStatement(builderOrderStatement(said), operator);
}
