import { fact, seen } from './definition.js';

/** Facts that are measured on the machine, in the order in which they are shown. */
export const machineCatalogue = [
  fact('machine.architecture', 'text', 'release images are built on x86_64 only', {
    source: seen.buildScript,
  }),
  fact('machine.virtualisation', 'text', 'one setup failed on VirtualBox and built on KVM', {
    source: seen.thread12305,
  }),
  fact('machine.hostname', 'text', 'a build can write the host name into an image', {
    privacy: 'salted',
  }),
  fact('os.id', 'text', 'systems other than Ubuntu are only warned about', {
    source: seen.buildScript,
  }),
  fact('os.version', 'text', 'systems older than Ubuntu 22.04 are only warned about', {
    source: seen.buildScript,
  }),
  fact('os.name', 'text', 'names the system for a reader'),
  fact('os.kernel', 'text', 'a build can write the kernel release into an image'),
  fact('os.wsl', 'text', 'WSL2 failed or differed where the same PC without it matched', {
    source: seen.thread12305,
  }),
  fact('memory.ram', 'number', 'builds below 16 GB failed or needed another temp directory', {
    unit: 'bytes',
    source: seen.thread19486,
  }),
  fact('memory.swap', 'number', 'with little RAM a small swap lets builds fail', {
    unit: 'bytes',
    source: seen.thread12305,
  }),
  fact('cpu.count', 'number', 'no effect on a hash is known; one core takes hours', {
    unit: 'processors',
    source: seen.thread12305,
  }),
  fact('cpu.model', 'text', 'compilers can ask the processor what it can do'),
  fact('disk.build.filesystem', 'text', 'directory order and sparse maps follow the filesystem', {
    source: seen.reproducibility,
  }),
  fact('disk.build.size', 'number', 'builds below 100 GB are only warned about', {
    unit: 'bytes',
    source: seen.buildScript,
  }),
  fact('disk.build.free', 'number', 'a full disk ends a build', {
    unit: 'bytes',
    source: seen.thread19486,
  }),
  fact('disk.cache.filesystem', 'text', 'directory order and sparse maps follow the filesystem', {
    source: seen.reproducibility,
  }),
  fact('disk.cache.size', 'number', 'a small disk evicts what was built before', { unit: 'bytes' }),
  fact('disk.cache.free', 'number', 'a full disk ends a build', {
    unit: 'bytes',
    source: seen.thread19486,
  }),
  fact('disk.cache.warm', 'boolean', 'outputs of an earlier build can hide a difference', {
    source: seen.containerRun,
  }),
  fact('disk.home.filesystem', 'text', 'outputs of Bazel are kept below the home', {
    source: seen.containerRun,
  }),
  fact('disk.home.size', 'number', 'outputs of Bazel fill the disk of the home', {
    unit: 'bytes',
    source: seen.containerRun,
  }),
  fact('disk.home.free', 'number', 'a full disk ends a build', {
    unit: 'bytes',
    source: seen.thread19486,
  }),
  fact('temp.filesystem', 'text', 'sparse maps of archives follow it', {
    source: seen.reproducibility,
  }),
  fact('temp.tmpfs', 'boolean', 'without tmpfs builds ended with all hashes wrong', {
    source: seen.thread19486,
  }),
  fact('temp.size', 'number', 'a small temp directory ends a build', {
    unit: 'bytes',
    source: seen.thread19486,
  }),
  fact('temp.free', 'number', 'a full temp directory ends a build', {
    unit: 'bytes',
    source: seen.thread19486,
  }),
  fact('temp.block-size', 'number', 'other than 4096, archives get another sparse map', {
    unit: 'bytes',
    source: seen.reproducibility,
  }),
  fact('user.uid', 'number', 'other than 1000, the container mounts another home', {
    source: seen.containerRun,
  }),
  fact('user.umask', 'text', 'modes of files in an image can follow it'),
  fact('user.name', 'text', 'a build can write the user name into an image', {
    privacy: 'salted',
  }),
  fact('user.home', 'text', 'a build can write the home path into an image', {
    privacy: 'salted',
  }),
  fact('build.path', 'text', 'a build can write its own path into an image', {
    privacy: 'salted',
  }),
  fact('locale.lang', 'text', 'messages and formats can be written into an image'),
  fact('locale.lc-all', 'text', 'overrides every other locale setting'),
  fact('locale.collation', 'text', 'sorted lists of files follow it'),
  fact('locale.characters', 'text', 'names beyond ASCII are read by it'),
  fact('time.zone', 'text', 'dates and FAT timestamps in an image can follow it'),
  fact('container.inside', 'boolean', 'inside a container the script builds directly', {
    source: seen.buildScript,
  }),
  fact('container.engine', 'text', 'the build runs in it', { source: seen.containerRun }),
  fact('container.version', 'text', 'podman 3 and 4 mount the home in different ways', {
    source: seen.containerRun,
  }),
  fact('container.run-conf', 'boolean', '~/.container-run.conf changes mounts and arguments', {
    source: seen.containerRun,
  }),
  fact('container.run-conf-digest', 'text', 'tells apart what ~/.container-run.conf says', {
    privacy: 'salted',
    source: seen.containerRun,
  }),
  fact('git.version', 'text', 'what git describes and archives can differ'),
  fact('node.version', 'text', 'the agent runs on it; no effect on a hash is known'),
] as const;
