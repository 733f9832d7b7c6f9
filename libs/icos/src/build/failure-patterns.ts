/** Why a build, or what comes before and after it, failed. */
export type FailureClass =
  | 'out-of-space'
  | 'network'
  | 'permission'
  | 'timeout'
  | 'time-limit'
  | 'too-many-processes'
  | 'disk-limit'
  | 'log-limit'
  | 'dirty-tree'
  | 'out-of-memory'
  | 'image-pull'
  | 'missing-tool'
  | 'source-unavailable'
  | 'unsupported-commit'
  | 'output-missing'
  | 'output-truncated'
  | 'interrupted'
  | 'build-error';

/** Classes that words can tell. The others follow from what this program saw itself. */
export type WordedClass = Extract<
  FailureClass,
  | 'out-of-space'
  | 'dirty-tree'
  | 'out-of-memory'
  | 'image-pull'
  | 'missing-tool'
  | 'network'
  | 'permission'
>;

/** A class, and the words by which a build or a tool tells it. */
export interface FailurePattern {
  readonly class: WordedClass;
  readonly pattern: RegExp;
}

/**
 * Looked through in this order. A full disk and a killed compiler bring all sorts of errors after
 * them, so causes stand before consequences; what is often harmless stands last.
 *
 * Source: strerror(3); dfinity/ic ci/container/build-ic.sh and container-run.sh; forum.dfinity.org
 * threads 19486 ("not enough space") and 12305 (PermissionError for /tmp/tmp*.tar at exit)
 */
export const FAILURE_PATTERNS: readonly FailurePattern[] = [
  { class: 'out-of-space', pattern: /No space left on device|\bENOSPC\b|\[Errno 28\]/ },
  { class: 'out-of-space', pattern: /Disk quota exceeded|\bEDQUOT\b|not enough (?:free )?space/i },
  { class: 'dirty-tree', pattern: /Git working directory is not clean/i },
  { class: 'out-of-memory', pattern: /Cannot allocate memory|\bENOMEM\b|\[Errno 12\]/ },
  { class: 'out-of-memory', pattern: /java\.lang\.OutOfMemoryError|virtual memory exhausted/ },
  { class: 'out-of-memory', pattern: /signal: 9, SIGKILL|[Oo]ut of memory|oom-kill/ },
  // The shell's word for a child that was ended by SIGKILL, on a line of its own or after a pid.
  { class: 'out-of-memory', pattern: /^Killed$|: line \d+: +\d+ Killed\b/m },
  {
    class: 'image-pull',
    pattern: /initializing source docker:|[Ee]rror pulling image|unable to pull/,
  },
  { class: 'image-pull', pattern: /pull access denied|manifest unknown|reading manifest \S+ in / },
  { class: 'image-pull', pattern: /short-name resolution|toomanyrequests/ },
  { class: 'missing-tool', pattern: /: command not found$|: \d+: \S+: not found$/m },
  { class: 'missing-tool', pattern: /env: ['‘]?\S+['’]?: No such file or directory/ },
  { class: 'network', pattern: /Could not resolve host|Temporary failure in name resolution/ },
  { class: 'network', pattern: /UnknownHostException|Name or service not known/ },
  {
    class: 'network',
    pattern: /Connection (?:refused|timed out|reset by peer)|TLS handshake timeout/,
  },
  { class: 'network', pattern: /Network is unreachable|No route to host|Error downloading \[/ },
  { class: 'permission', pattern: /PermissionError|Permission denied|Operation not permitted/ },
  { class: 'permission', pattern: /\bEACCES\b|\bEPERM\b/ },
];
