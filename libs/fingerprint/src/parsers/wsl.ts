/** The Windows Subsystem for Linux: none of it, without a Linux kernel (1), or with one (2). */
export type Wsl = 'none' | 'wsl1' | 'wsl2';

/**
 * Tells the Windows Subsystem for Linux by the text of /proc/version. A kernel that its user built
 * need not carry the name; `interop` says whether Windows programs can be started.
 */
export function wslOf(procVersion: string, interop: boolean): Wsl {
  if (/microsoft-standard|-WSL2/.test(procVersion)) return 'wsl2';
  if (/-Microsoft \(Microsoft@Microsoft/.test(procVersion)) return 'wsl1';
  return interop ? 'wsl2' : 'none';
}
