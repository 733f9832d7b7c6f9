/** Threads and files that several rows name. */
export const seenAt = {
  thread12305: 'forum.dfinity.org/t/12305',
  thread19486: 'forum.dfinity.org/t/19486',
  buildScript: 'dfinity/ic ci/container/build-ic.sh',
  containerRun: 'dfinity/ic ci/container/container-run.sh',
  reproducibility: 'dfinity/ic toolchains/sysimage/reproducibility.py',
  upgradeImage: 'dfinity/ic toolchains/sysimage/build_upgrade_image.py',
  timestamps: 'reproducible-builds.org/docs/timestamps',
  buildPath: 'reproducible-builds.org/docs/build-path',
  locales: 'reproducible-builds.org/docs/locales',
  timezones: 'reproducible-builds.org/docs/timezones',
  archives: 'reproducible-builds.org/docs/archives',
  randomness: 'reproducible-builds.org/docs/randomness',
  stableInputs: 'reproducible-builds.org/docs/stable-inputs',
  systemImages: 'reproducible-builds.org/docs/system-images',
  e2fsprogs: 'man7.org/linux/man-pages/man8/mke2fs.8.html',
} as const;
