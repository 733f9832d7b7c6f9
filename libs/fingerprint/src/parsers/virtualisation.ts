import type { Wsl } from './wsl.js';

/** What there is to tell a virtual machine by; `null` where a source could not be read. */
export interface VirtualisationHints {
  readonly wsl: Wsl | null;
  /** Output of `systemd-detect-virt --vm`. */
  readonly detected: string | null;
  /** Vendor and product name of /sys/class/dmi/id. */
  readonly dmi: string | null;
  readonly hypervisor: boolean | null;
}

/** Words of systemd-detect-virt that name a product, not a kind. */
const DETECTED: ReadonlyMap<string, string> = new Map([
  ['amazon', 'kvm'],
  ['google', 'kvm'],
  ['microsoft', 'hyperv'],
  ['oracle', 'virtualbox'],
]);

const DMI: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/VirtualBox|innotek/i, 'virtualbox'],
  [/VMware/i, 'vmware'],
  [/\bXen\b/i, 'xen'],
  [/Parallels/i, 'parallels'],
  [/Microsoft.*Virtual Machine/i, 'hyperv'],
  [/Amazon EC2(?!.*\.metal)|Google Compute Engine|OpenStack|DigitalOcean|\bKVM\b/i, 'kvm'],
  [/QEMU|Bochs/i, 'qemu'],
];

/**
 * Names the kind of virtual machine: `none`, `wsl`, `kvm`, `qemu`, `vmware`, `virtualbox`, `hyperv`,
 * `xen`, another word of systemd-detect-virt, or `other` when only the processor tells that there
 * is a hypervisor. `null` when nothing tells anything.
 */
export function virtualisationOf(hints: VirtualisationHints): string | null {
  const { wsl, detected, dmi, hypervisor } = hints;
  // Before all else: inside WSL2, systemd and DMI tell of Hyper-V, which is not what matters.
  if (wsl === 'wsl1' || wsl === 'wsl2') return 'wsl';
  if (detected !== null && /^[a-z0-9-]{1,20}$/.test(detected)) {
    return DETECTED.get(detected) ?? detected;
  }
  const kind = DMI.find(([pattern]) => pattern.test(dmi ?? ''))?.[1];
  if (kind !== undefined) return kind;
  if (hypervisor === null) return null;
  return hypervisor ? 'other' : 'none';
}
