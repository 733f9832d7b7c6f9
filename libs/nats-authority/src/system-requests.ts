import { errors, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { NatsAuthorityError } from './error.js';

const ANSWER_MS = 5_000;
/** Servers that have not told their configuration by then are taken not to be there. */
const SERVERS_MS = 500;
const TAKEN = 200;

/**
 * What a server answers to a pushed account.
 *
 * Source: nats-server, server/accounts.go, respondToUpdate
 */
const PushAnswer = z.union([
  z.object({ data: z.object({ code: z.number(), message: z.string() }) }),
  z.object({ error: z.object({ code: z.number(), description: z.string() }) }),
]);

/** Source: nats-server, server/events.go, ServerAPIResponse; server/monitor.go, JSInfo */
const ServerTold = z.object({
  server: z.object({ ver: z.string() }),
  data: z.object({ config: z.unknown().optional() }).optional(),
});

/** What is asked of servers in their own account. */
export class SystemRequests {
  constructor(private readonly connection: NatsConnection) {}

  /**
   * Pushes an account.
   *
   * @throws NatsAuthorityError REFUSED, NO_ANSWER
   */
  async push(jwt: string): Promise<void> {
    const answer = PushAnswer.safeParse(parsed(await this.ask('$SYS.REQ.CLAIMS.UPDATE', jwt)));
    if (!answer.success) {
      throw new NatsAuthorityError('REFUSED', 'the server answers with what is no answer', {
        cause: answer.error,
      });
    }
    const said = answer.data;
    const isTaken = 'data' in said && said.data.code === TAKEN;
    if (isTaken) return;
    const reason = 'data' in said ? said.data.message : said.error.description;
    throw new NatsAuthorityError('REFUSED', `the server does not take the account: ${reason}`);
  }

  /**
   * Asks a server for all accounts that it has; null where their digest is the given one.
   *
   * Source: nats-server, server/accounts.go, DirAccResolver.Start (`CLAIMS.PACK`)
   *
   * @throws NatsAuthorityError NO_ANSWER
   */
  async pack(digest: Uint8Array | null): Promise<ReadonlyMap<string, string> | null> {
    const answers = await this.connection.requestMany('$SYS.REQ.CLAIMS.PACK', digest ?? '', {
      strategy: 'sentinel',
      maxWait: ANSWER_MS,
    });
    const accounts = new Map<string, string>();
    let isWhole = false;
    for await (const { data } of answers) {
      isWhole = data.length === 0;
      for (const line of new TextDecoder().decode(data).split('\n')) {
        const [account, jwt] = line.split('|');
        if (account !== undefined && jwt !== undefined) accounts.set(account, jwt);
      }
    }
    if (!isWhole) {
      const what = `${accounts.size} accounts and no end in ${ANSWER_MS} ms`;
      throw new NatsAuthorityError('NO_ANSWER', `the server tells ${what}`);
    }
    return accounts.size === 0 ? null : accounts;
  }

  /** Asks all servers, for as long as they take. */
  async jetStreamConfigs(): Promise<readonly { version: string; config: unknown }[]> {
    const answers = await this.connection.requestMany(
      '$SYS.REQ.SERVER.PING.JSZ',
      JSON.stringify({ config: true }),
      { strategy: 'stall', maxWait: ANSWER_MS, stall: SERVERS_MS },
    );
    const configs: { version: string; config: unknown }[] = [];
    for await (const answer of answers) {
      const told = ServerTold.safeParse(parsed(answer));
      if (!told.success) continue;
      configs.push({ version: told.data.server.ver, config: told.data.data?.config ?? null });
    }
    return configs;
  }

  private async ask(subject: string, body: string): Promise<Msg> {
    try {
      return await this.connection.request(subject, body, { timeout: ANSWER_MS });
    } catch (cause) {
      const isSilent = cause instanceof errors.TimeoutError || cause instanceof errors.RequestError;
      if (!isSilent) throw cause;
      const reason = `no server answers ${subject}: is it one with accounts?`;
      throw new NatsAuthorityError('NO_ANSWER', reason, { cause });
    }
  }
}

function parsed(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return null;
  }
}
