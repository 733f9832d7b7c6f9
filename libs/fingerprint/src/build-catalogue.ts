import { fact, seen } from './definition.js';

/** Facts that only whoever runs the build can tell, in the order in which they are shown. */
export const buildCatalogue = [
  fact('container.image-digest', 'text', 'the toolchain is what the image holds', {
    source: seen.containerRun,
  }),
  fact('container.image-origin', 'text', 'an image built locally can hold drifted packages', {
    source: seen.thread19486,
  }),
  fact('container.ran', 'boolean', 'outside its container a build takes the machine’s own tools', {
    source: seen.buildScript,
  }),
  fact('source.clean', 'boolean', 'a dirty tree is not the commit', { source: seen.buildScript }),
  fact('source.shallow', 'boolean', 'scripts that ask for branches or tags miss them', {
    source: seen.buildScript,
  }),
  fact('build.script-digest', 'text', 'copies of the build script fall behind the commit', {
    source: seen.thread19486,
  }),
  fact('build.command', 'text', 'options such as --no-release change the bytes', {
    source: seen.buildScript,
  }),
  fact('build.targets', 'text', 'development images are other images', {
    source: seen.buildScript,
  }),
  fact('build.driver', 'text', 'Bazel without the container takes the machine’s own tools', {
    source: seen.buildScript,
  }),
  fact('build.cache', 'text', 'cold, warm or remote: earlier outputs hide what differs', {
    source: seen.containerRun,
  }),
  fact('build.isolation', 'text', 'user, user-with-root or none; no effect on a hash is known'),
  fact('agent.version', 'text', 'tells who measured; no effect on a hash is known'),
] as const;
