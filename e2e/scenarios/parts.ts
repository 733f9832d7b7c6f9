import type { BuilderSpec } from '../stack/builder.js';
import {
  mirrorConf,
  type BuilderEnvironment,
} from '../world/builder-environment/builder-environment.js';
import type { ProposalSpec } from '../world/nns/index.js';
import type { World } from '../world/world.js';
import type { Scene } from './scenario.js';

export const OPERATORS = ['alice', 'bob', 'carol', 'dave', 'erin'] as const;

/** Five operators with one builder each, whose machines are alike but for what is given by place. */
export function five(
  environments: readonly (Partial<BuilderEnvironment> | undefined)[] = [],
): readonly BuilderSpec[] {
  return OPERATORS.map((operator, at) => ({ operator, environment: environments[at] ?? {} }));
}

/** A machine whose packages come from a mirror that has got as far as `state`. */
export function mirrored(world: World, state: number): Partial<BuilderEnvironment> {
  const view = `mirror-${state}`;
  world.mirror.set(view, state);
  return { containerRunConf: mirrorConf(world.mirror.url(view)) };
}

/** Elects the published GuestOS, as proposals do: its digest, and its two package URLs. */
export function electGuestos({ world, published }: Scene): ProposalSpec {
  const { cdnPath, digest } = published.artifacts['guestos/update-img'];
  return {
    kind: 'elect-guestos',
    title: `Elect new IC/GuestOS revision (commit ${published.commit.slice(0, 8)})`,
    commit: published.commit,
    sha256: digest,
    urls: [`${world.systems.url}${cdnPath}`, `${world.network.url}${cdnPath}`],
    measurements: published.measurements.guest_launch_measurements.map(
      ({ measurement, metadata }) => ({
        kernelCmdline: metadata.kernel_cmdline,
        measurement: Buffer.from(measurement).toString('hex'),
      }),
    ),
  };
}
