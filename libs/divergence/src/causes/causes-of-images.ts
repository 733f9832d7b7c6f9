import type { Cause } from './cause.js';
import { featuresMark } from './marks/features.js';
import { labelMark } from './marks/label.js';
import { bytecodeMark, leftoverMark } from './marks/leftover.js';
import { ownerMark } from './marks/owner.js';
import { umaskMark } from './marks/umask.js';
import { seenAt } from './seen-at.js';

/** What makes archives and filesystems differ around the files that they hold. */
export const causesOfImages: readonly Cause[] = [
  {
    id: 'mtime',
    title: 'files kept the time of the build as the time of their last change',
    facts: [],
    variesAlone: true,
    trace: { classes: ['timestamp'], aspects: ['time'] },
    symptom: 'contents are equal, times of files are not; every build is another one',
    remedy: 'set times: tar --mtime=@0, gzip -n, E2FSPROGS_FAKE_TIME, touch -d @0',
    source: seenAt.archives,
  },
  {
    id: 'umask-mode',
    title: 'files have the modes that the builder’s umask left',
    facts: ['user.umask'],
    trace: { classes: ['mode-owner'], aspects: ['mode'], mark: umaskMark },
    symptom: 'contents are equal, modes are not; builders of one umask agree',
    remedy: 'set modes where the image is made, or umask 022 at the beginning of the build',
    source: seenAt.archives,
  },
  {
    id: 'uid-owner',
    title: 'files belong to the user who built them',
    facts: ['user.uid'],
    trace: { classes: ['mode-owner'], aspects: ['owner'], mark: ownerMark },
    symptom: 'contents are equal, owners are not; builders with one uid agree',
    remedy: 'set owners where the image is made: tar --owner=0 --group=0 --numeric-owner',
    source: seenAt.archives,
  },
  {
    id: 'hash-seed',
    title: 'the seed by which the filesystem hashes its directories was drawn by chance',
    facts: [],
    variesAlone: true,
    trace: { classes: ['filesystem-header'], attributes: ['hash-seed'] },
    symptom: 'every build is another one; directories may be listed in another order',
    remedy: 'set it: mke2fs -E hash_seed=UUID',
    source: seenAt.e2fsprogs,
  },
  {
    id: 'filesystem-tool',
    title: 'the filesystem was made by another version of its tool, or with other settings',
    facts: ['container.image-digest', 'os.version'],
    trace: {
      classes: ['filesystem-header'],
      attributes: [
        ...['features', 'block-size', 'blocks', 'inodes', 'inode-size', 'label', 'state'],
        ...['mount-count', 'last-mounted', 'type', 'oem-name', 'sector-size', 'table-entries'],
      ],
      mark: featuresMark,
    },
    symptom: 'features or sizes in the filesystem’s header differ',
    remedy: 'make it in the pinned container, with a mke2fs.conf of the repository’s own',
    source: seenAt.systemImages,
  },
  {
    id: 'gzip-level',
    title: 'equal contents were compressed by gzip with another level or version',
    facts: [],
    related: ['container.run-conf-digest', 'container.image-digest', 'cpu.count'],
    trace: { classes: ['compression'], kinds: ['gzip'] },
    symptom: 'the compressed streams differ, what is in them does not',
    remedy: 'name the level, pin the tool, and take GZIP out of the environment',
    source: seenAt.archives,
  },
  {
    id: 'zstd-level',
    title:
      'equal contents were compressed by zstd with another level, version or number of threads',
    facts: [],
    related: ['cpu.count', 'container.run-conf-digest', 'container.image-digest'],
    trace: { classes: ['compression'], kinds: ['zstd'] },
    symptom: 'the compressed streams differ, what is in them does not',
    remedy: 'name level and number of threads, and pin the tool',
    source: seenAt.archives,
  },
  {
    id: 'hole-map',
    title: 'the temp filesystem told where the holes of an image are, by blocks of its own size',
    facts: ['temp.block-size', 'temp.filesystem'],
    trace: { classes: ['hole-map'] },
    symptom: 'contents are equal, maps of holes are not; without tmpfs all hashes were wrong',
    remedy:
      'find holes by their zeros (tar --hole-detection=raw), or build where blocks have 4096 bytes',
    source: seenAt.reproducibility,
  },
  {
    id: 'xattr',
    title: 'files kept attributes that the building system gave them',
    facts: [],
    related: ['user.uid', 'os.id', 'container.engine', 'temp.filesystem', 'disk.build.filesystem'],
    trace: { classes: ['xattr'], mark: labelMark },
    symptom: 'contents are equal, security labels are not',
    remedy: 'set all extended attributes where the image is made, or none (tar --no-xattrs)',
    source: seenAt.systemImages,
  },
  {
    id: 'extra-file',
    title: 'a file was left behind that not every build leaves',
    facts: [],
    related: ['user.uid', 'build.cache', 'disk.cache.warm', 'source.clean'],
    trace: { classes: ['only-in-one'], mark: leftoverMark },
    symptom: 'a file is in one image and not in the other: a lock, a cache, a log',
    remedy: 'remove caches, locks and logs before the image is made, or copy only what is listed',
    source: seenAt.systemImages,
  },
  {
    id: 'bytecode-cache',
    title: 'Python kept the bytecode of modules that it ran in one of the builds',
    facts: [],
    related: ['user.uid', 'build.cache', 'disk.cache.warm'],
    trace: { classes: ['only-in-one'], mark: bytecodeMark },
    symptom: 'files of __pycache__ are in one image and not in the other; Python runs them',
    remedy: 'set PYTHONDONTWRITEBYTECODE in the build; see that the bytecode is that of its source',
    source: 'docs.python.org/3/using/cmdline.html',
  },
  {
    id: 'other-artifact',
    title: 'a digest of another artifact is in it, and that artifact differs itself',
    facts: [],
    trace: { classes: ['embedded-hash'], isOfOtherArtifact: true },
    symptom: 'launch measurements differ wherever GuestOS does',
    remedy: 'none here: what mends the other artifact mends this one',
    source: 'dfinity/ic ic-os/defs.bzl',
  },
];
