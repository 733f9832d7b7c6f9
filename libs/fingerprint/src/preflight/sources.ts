import { seen } from '../definition.js';

/** Files, threads and pages that rows of the table name. */
export const sources = {
  ...seen,
  requirements: 'dfinity/ic ci/container/README.md',
  reproCheck: 'dfinity/ic ci/scripts/repro-check',
  guestosPartitions: 'dfinity/ic ic-os/guestos/partitions.csv',
  podmanWsl: 'podman-machine-os#319, microsoft/WSL#41492',
  podman6: 'podman v6.0.0 release notes',
  wslConfig: 'learn.microsoft.com/windows/wsl/wsl-config',
  wslFilesystems: 'learn.microsoft.com/windows/wsl/filesystems',
  wslSystemd: 'microsoft/WSL doc/docs/technical-documentation/systemd.md',
  rootless: 'podman docs/tutorials/rootless_tutorial.md',
  userNamespaces: 'ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces',
  gitNotes: 'git release notes 2.29 and 2.30',
} as const;
