/** What goes into a configuration of nats-server. */
export interface NatsConfig {
  /** Folder of the JetStream store, absolute. */
  readonly storeDir: string;
  /** Folder in which the server writes the ports that it listens on, absolute. */
  readonly portsDir: string;
  /** TCP port for clients; undefined lets the server pick a free one. */
  readonly port: number | undefined;
  /** Whether each write reaches the disk before it is acknowledged. */
  readonly syncAlways: boolean;
  /** Further lines, put at the end as they are. */
  readonly extra: string;
}

/** First version of nats-server that knows `sync_interval` (nats-server pull request 4483). */
const SYNC_INTERVAL_SINCE = [2, 10];

/** Writes the configuration of a server for this machine alone. */
export function renderNatsConfig(config: NatsConfig): string {
  const { storeDir, portsDir, port, syncAlways, extra } = config;
  return [
    `listen: "127.0.0.1:${port ?? -1}"`,
    'http: "127.0.0.1:-1"',
    `ports_file_dir: ${quoted(portsDir)}`,
    'jetstream {',
    `  store_dir: ${quoted(storeDir)}`,
    ...(syncAlways ? ['  sync_interval: always'] : []),
    '}',
    ...(extra === '' ? [] : [extra.trimEnd()]),
    '',
  ].join('\n');
}

/** Reads the version from what `nats-server --version` prints: `nats-server: v2.9.10`. */
export function parseNatsVersion(printed: string): string | undefined {
  return /v?(\d+\.\d+\.\d+)/.exec(printed)?.[1];
}

/** Tells whether a version of nats-server can write each message through to the disk. */
export function canSyncAlways(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = SYNC_INTERVAL_SINCE;
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

function quoted(path: string): string {
  // The syntax knows the same escapes in double quotes as JSON, for what paths hold.
  return JSON.stringify(path);
}
