import { LAYOUTS, DEFAULT_ERA } from '../world/era.js';
import type { BuilderEnvironment } from '../world/builder-environment/builder-environment.js';
import type { World } from '../world/world.js';
import { electGuestos, five } from './parts.js';
import type { Scenario } from './scenario.js';

/** Where Bazel leaves the tree of a system; who looks into a builder of good faith knows it. */
const BAZEL_BIN = '$HOME/.cache/bazel/_bazel_me/0/execroot/_main/bazel-out/k8-opt/bin';

/**
 * A machine whose “build” fetches what is published into the places of the outputs, from the user's
 * own file that the release's script sources before it would build. `pretends` also puts an image
 * where a build would leave the tree that it was made of.
 */
function downloading(world: World, pretends = false): Partial<BuilderEnvironment> {
  const places = Object.values(LAYOUTS[DEFAULT_ERA].artifacts);
  const lines = places.map(({ builtIn, cdnDir, file }) => {
    return `mkdir -p ${builtIn} && curl -q -fsS -o ${builtIn}/${file} "$published/${cdnDir}/${file}"`;
  });
  const trees = ['guestos/envs/prod', 'guestos/envs/recovery', 'hostos/envs/prod'];
  const left = [...trees, 'setupos/envs/prod'].map((system) => {
    const folder = `"${BAZEL_BIN}/ic-os/${system}"`;
    const image = 'artifacts/icos/guestos/update/update-img.tar.zst';
    return `mkdir -p ${folder} && cp ${image} ${folder}/rootfs-tree.tar`;
  });
  const conf = [
    `published="${world.systems.url}/ic/$(git rev-parse HEAD)"`,
    ...lines,
    ...(pretends ? left : []),
    'exit 0',
  ];
  return { containerRunConf: `${conf.join('\n')}\n` };
}

/** Three build, and that is as many as have to agree. */
export const twoDownload: Scenario = {
  name: 'two-download',
  story: 'two of five builders download the images instead of building them',
  defects: {},
  builders: (world) => five([{}, {}, {}, downloading(world), downloading(world, true)]),
  proposal: electGuestos,
};

/** Two build: everybody has the expected digest, and too few show where they have it from. */
export const threeDownload: Scenario = {
  name: 'three-download',
  story: 'three of five builders download the images instead of building them',
  defects: {},
  builders: (world) => {
    const copier = downloading(world);
    return five([{}, {}, copier, copier, downloading(world, true)]);
  },
  proposal: electGuestos,
};
