import { describe, expect, test } from 'vitest';
import { virtualisationOf } from './virtualisation.js';
import type { VirtualisationHints } from './virtualisation.js';
import { wslOf } from './wsl.js';

describe('the Windows Subsystem for Linux', () => {
  test.each([
    [
      'Linux version 5.15.153.1-microsoft-standard-WSL2 (root@941d701f84f1) (gcc (GCC) 11.2.0, GNU ld (GNU Binutils) 2.37) #1 SMP Fri Mar 29 23:14:13 UTC 2024',
      'wsl2',
    ],
    [
      'Linux version 4.19.128-microsoft-standard (oe-user@oe-host) (gcc version 8.2.0 (GCC)) #1 SMP Tue Jun 23 12:58:10 UTC 2020',
      'wsl2',
    ],
    [
      'Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc version 5.4.0 (GCC) ) #1237-Microsoft Sat Sep 11 14:32:00 PST 2021',
      'wsl1',
    ],
    ['Linux version 6.1.0-21-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP', 'none'],
    ['Linux version 6.5.0-1022-azure (buildd@lcy02-amd64-026) (gcc-11) #23~22.04.1-Ubuntu', 'none'],
  ])('%s is %s', (procVersion, wsl) => {
    expect(wslOf(procVersion, false)).toBe(wsl);
  });

  test('a kernel that its user built and named is known by what it can start', () => {
    expect(wslOf('Linux version 6.6.0-mine (me@pc) (gcc) #1 SMP', true)).toBe('wsl2');
  });
});

describe('the kind of virtual machine', () => {
  const unknown: VirtualisationHints = { wsl: 'none', detected: null, dmi: null, hypervisor: null };
  const guest = { ...unknown, hypervisor: true };
  test.each<[string, VirtualisationHints, string | null]>([
    [
      'WSL2, whatever else speaks of Hyper-V',
      { ...guest, wsl: 'wsl2', detected: 'microsoft' },
      'wsl',
    ],
    ['WSL1', { ...unknown, wsl: 'wsl1', hypervisor: false }, 'wsl'],
    ['VirtualBox by systemd', { ...guest, detected: 'oracle' }, 'virtualbox'],
    ['VirtualBox by DMI', { ...guest, dmi: 'innotek GmbH VirtualBox' }, 'virtualbox'],
    ['VMware', { ...guest, dmi: 'VMware, Inc. VMware Virtual Platform' }, 'vmware'],
    ['KVM by systemd', { ...guest, detected: 'kvm', dmi: 'QEMU Standard PC' }, 'kvm'],
    ['KVM by DMI', { ...guest, dmi: 'Red Hat KVM' }, 'kvm'],
    ['QEMU by DMI', { ...guest, dmi: 'QEMU Standard PC (Q35 + ICH9, 2009)' }, 'qemu'],
    ['a cloud by DMI', { ...guest, dmi: 'Amazon EC2 m5.large' }, 'kvm'],
    ['a cloud by systemd', { ...guest, detected: 'amazon' }, 'kvm'],
    [
      'bare metal in a cloud',
      { ...unknown, hypervisor: false, dmi: 'Amazon EC2 m5.metal' },
      'none',
    ],
    ['Hyper-V', { ...guest, dmi: 'Microsoft Corporation Virtual Machine' }, 'hyperv'],
    [
      'a Microsoft laptop',
      { ...unknown, hypervisor: false, dmi: 'Microsoft Corporation Surface' },
      'none',
    ],
    ['Xen', { ...guest, dmi: 'Xen HVM domU' }, 'xen'],
    ['bare metal by systemd', { ...unknown, detected: 'none' }, 'none'],
    ['bare metal by DMI', { ...unknown, hypervisor: false, dmi: 'LENOVO 20L5' }, 'none'],
    ['a guest that says no more', guest, 'other'],
    ['systemd-detect-virt that fails', { ...guest, detected: 'Failed to check: denied' }, 'other'],
    ['ARM that says nothing', unknown, null],
    ['no /proc/version', { ...unknown, wsl: null, detected: 'kvm' }, 'kvm'],
  ])('%s', (_what, hints, kind) => {
    expect(virtualisationOf(hints)).toBe(kind);
  });
});
