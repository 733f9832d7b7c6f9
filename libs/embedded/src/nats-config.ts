/** Files that a server shows who it is with. */
export interface NatsTls {
  /** PEM, with what leads up to an authority that clients know. Absolute. */
  readonly certFile: string;
  /** PEM. Absolute. */
  readonly keyFile: string;
}

/** What goes into a configuration of nats-server. */
export interface NatsConfig {
  /** Folder of the JetStream store, absolute. */
  readonly storeDir: string;
  /** Folder in which the server writes the ports that it listens on, absolute. */
  readonly portsDir: string;
  /** Address that clients come to. */
  readonly host: string;
  /** TCP port for clients; 0 or undefined lets the server pick a free one. */
  readonly port: number | undefined;
  /** Port for WebSockets on this machine, null for one of the server's choice; undefined for none. */
  readonly websocketPort: number | null | undefined;
  /** What clients are spoken to over TLS with; undefined for no TLS. */
  readonly tls: NatsTls | undefined;
  /** Whether each write reaches the disk before it is acknowledged. */
  readonly syncAlways: boolean;
  /** Further lines, put at the end as they are. */
  readonly extra: string;
}

/** First version of nats-server that knows `sync_interval` (nats-server pull request 4483). */
const SYNC_INTERVAL_SINCE = [2, 10];

/** Writes the configuration of a server; its monitoring and WebSockets are for this machine alone. */
export function renderNatsConfig(config: NatsConfig): string {
  const { storeDir, portsDir, host, port, websocketPort, tls, syncAlways, extra } = config;
  // The server's own word for a free one is -1, and 0 would be its usual port.
  const listenPort = port === undefined || port === 0 ? -1 : port;
  return [
    `listen: ${quoted(`${host.includes(':') ? `[${host}]` : host}:${listenPort}`)}`,
    'http: "127.0.0.1:-1"',
    `ports_file_dir: ${quoted(portsDir)}`,
    'jetstream {',
    `  store_dir: ${quoted(storeDir)}`,
    ...(syncAlways ? ['  sync_interval: always'] : []),
    '}',
    // What comes from afar comes through a proxy that speaks TLS, and takes the place of its clients here.
    ...(websocketPort === undefined
      ? []
      : [`websocket { listen: "127.0.0.1:${websocketPort ?? -1}", no_tls: true }`]),
    // At least TLS 1.2, which servers before 2.10 take no line for: they take nothing older anyway.
    ...(tls === undefined
      ? []
      : [
          'tls {',
          `  cert_file: ${quoted(tls.certFile)}`,
          `  key_file: ${quoted(tls.keyFile)}`,
          '}',
        ]),
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
