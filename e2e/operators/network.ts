import { execa } from 'execa';

/** Addresses of the first machine, as the second one sees it: one for each that it serves. */
export const FIRST_ADDRESSES = 4;

/** A network namespace that stands for a second machine, with one cable to this one. */
export interface Network {
  /** This machine's addresses at the cable. */
  readonly addresses: readonly string[];
  /** Gives the command that runs another one on the second machine. */
  on(command: readonly string[]): { readonly file: string; readonly args: readonly string[] };
  /** Pulls the cable out; nothing that runs is told. */
  cut(): Promise<void>;
  /** Plugs it in again. */
  mend(): Promise<void>;
  /** From now on nothing leaves the second machine but what goes to this port. */
  allowOnly(port: number): Promise<void>;
  close(): Promise<void>;
}

/** Says in one sentence why there can be no second machine here; null where there can. */
export async function cannotHaveNetwork(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'a network namespace needs root';
  for (const [program, args, where] of [
    ['ip', ['-V'], 'iproute2'],
    ['iptables', ['-V'], 'iptables'],
  ] as const) {
    const { exitCode } = await execa(program, args, { reject: false });
    if (exitCode !== 0) return `${program} is missing: it is in Debian's package ${where}`;
  }
  try {
    await (await openNetwork()).close();
    return null;
  } catch (error) {
    return `no network namespace can be made here: ${String(error)}`;
  }
}

/** Makes the second machine. Its names and addresses are this process's own. */
export async function openNetwork(): Promise<Network> {
  const name = `rq-${process.pid}`;
  const [here, there] = [`rqh${process.pid}`, `rqt${process.pid}`];
  // Nothing of it is routed anywhere: a documentation network would do as well, were it larger.
  const net = `10.213.${process.pid % 256}`;
  const ip = (...args: readonly string[]): Promise<unknown> => execa('ip', args);
  const close = async (): Promise<void> => {
    await execa('ip', ['link', 'del', here], { reject: false });
    await execa('ip', ['netns', 'del', name], { reject: false });
  };
  const addresses = Array.from({ length: FIRST_ADDRESSES }, (_, at) => `${net}.${at + 1}`);
  try {
    await ip('netns', 'add', name);
    await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there);
    await ip('link', 'set', there, 'netns', name);
    for (const address of addresses) await ip('addr', 'add', `${address}/24`, 'dev', here);
    await ip('link', 'set', here, 'up');
    await ip('-n', name, 'addr', 'add', `${net}.100/24`, 'dev', there);
    await ip('-n', name, 'link', 'set', there, 'up');
    await ip('-n', name, 'link', 'set', 'lo', 'up');
  } catch (error) {
    await close();
    throw error;
  }
  const filter = async (...args: readonly string[]): Promise<void> => {
    await execa('ip', ['netns', 'exec', name, 'iptables', '-w', ...args]);
  };
  return {
    addresses,
    on: (command) => ({ file: 'ip', args: ['netns', 'exec', name, ...command] }),
    cut: async () => {
      await ip('-n', name, 'link', 'set', there, 'down');
    },
    mend: async () => {
      await ip('-n', name, 'link', 'set', there, 'up');
    },
    allowOnly: async (port) => {
      await filter('-P', 'OUTPUT', 'DROP');
      await filter('-P', 'INPUT', 'DROP');
      await filter('-F');
      await filter('-A', 'OUTPUT', '-o', 'lo', '-j', 'ACCEPT');
      await filter('-A', 'OUTPUT', '-p', 'tcp', '--dport', `${port}`, '-j', 'ACCEPT');
      await filter('-A', 'INPUT', '-i', 'lo', '-j', 'ACCEPT');
      await filter('-A', 'INPUT', '-p', 'tcp', '--sport', `${port}`, '!', '--syn', '-j', 'ACCEPT');
    },
    close,
  };
}
