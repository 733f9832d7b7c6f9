import type { Difference } from '../../difference.js';
import { isRunnable } from '../../folding/runnable.js';
import type { Mark } from '../cause.js';

/** Names of things that programs leave behind them; nothing reads these to decide what runs. */
const LEFTOVERS: readonly RegExp[] = [
  // Locks; by a bare name only where those of package managers and daemons are.
  /(?:^|\/)(?:\.lock|[^/]+\.(?:lock|lck|pid))$/,
  /^(?:run|var\/(?:cache|lib\/(?:dpkg|apt)))\/(?:[^/]+\/)*(?:lock|lock-frontend)$/,
  // Logs.
  /\.log(?:\.\d{1,3})?(?:\.(?:gz|xz|zst))?$/,
  /^var\/log\/(?:lastlog|faillog|tallylog|[bw]tmp)$/,
  // Caches, as package managers and desktops keep them.
  /^var\/cache\/(?:apt|debconf|dnf|fontconfig|ldconfig|man|yum)\/(?:[^/]+\/)*(?:[^/]+(?:-cache|cache\.bin|\.cache-\d+|\.dat|\.dat-old|\.db|\.deb|\.rpm)|CACHEDIR\.TAG|partial)$/,
  /^var\/lib\/apt\/lists\/(?:[^/]+(?:Packages|Sources|Release|Release\.gpg|Translation-\w+)(?:\.(?:lz4|gz|xz))?|partial)$/,
  // Temporary files, as editors, mktemp and Python name them.
  /(?:\.tmp|~|\.sw[op])$/,
  /(?:^|\/)tmp\/tmp\.?\w{6,12}$/,
];
const BYTECODE = /(?:^|\/)__pycache__(?:\/[^/]+\.pyc)?$/;

/** Locks, caches, logs and temporary files, by their names; nothing that can be run. */
export const leftoverMark: Mark = {
  says: 'that is named as a lock, a cache, a log or a temporary file, and cannot be run',
  isIn: ({ difference }) => isLeft(difference, LEFTOVERS),
};

/** What Python compiles of modules that it runs. */
export const bytecodeMark: Mark = {
  says: 'that is named as bytecode of Python',
  isIn: ({ difference }) => isLeft(difference, [BYTECODE]),
};

function isLeft(difference: Difference, names: readonly RegExp[]): boolean {
  const { kind, location } = difference;
  if ((kind !== 'file' && kind !== 'directory') || isRunnable(difference)) return false;
  const path = location.at(-1) ?? '';
  return names.some((name) => name.test(path));
}
