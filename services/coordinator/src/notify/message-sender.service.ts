import { Inject, Injectable } from '@nestjs/common';
import type { Signer } from '#libs/attestation';
import { discordMessage, linkOf, newsMail, openChatText, type Told } from '#libs/contracts';
import type { NewsSubscriptionEntity } from '#libs/persistence';
import type { Config } from '../config.js';
import { publicOrigin } from '../pages/public-origin.js';
import { CONFIG, SIGNER } from '../tokens.js';
import { MailService } from './mail.service.js';
import { secretCheck, secretOf, signatureHeaders } from './news-secret.js';
import { failure, type Outcome } from './outcome.js';
import { postMessage, type Posted } from './post-message.js';
import { readTarget } from './target-address.js';

/** Whom a message goes to. */
export type Recipient = Pick<NewsSubscriptionEntity, 'id' | 'channel' | 'target' | 'secretCheck'>;

/** What is sent, under an id that is the same in each try. */
export interface Message {
  readonly id: string;
  readonly news: Told;
}

/** Sends one message to one subscriber, once, as its channel has it. */
@Injectable()
export class MessageSender {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    private readonly mail: MailService,
  ) {}

  /** What came of it is a value: nothing is thrown. */
  async send(to: Recipient, message: Message, now: Date): Promise<Outcome> {
    const channel = to.channel;
    if (channel === 'email') {
      const { subject, text } = newsMail(message.news, publicOrigin(this.config));
      return this.mail.send({ id: message.id, to: to.target, subject, text });
    }
    // Judged again each time: what the settings allow may have changed since it was made.
    const target = readTarget(to.target, { allowed: this.config.NEWS_ALLOWED_ORIGINS });
    if ('refused' in target) return failure(target.refused);
    const posted = channel === 'webhook' ? this.signed(to, message, now) : this.preset(to, message);
    return 'kind' in posted ? posted : postMessage(target, posted, now);
  }

  private signed(to: Recipient, { id, news }: Message, now: Date): Posted | Outcome {
    const secret = secretOf(this.signer, to.id);
    if (secretCheck(secret) !== to.secretCheck) {
      const detail = 'the coordinator has another key than when it was made: make it anew';
      return { kind: 'gone', detail };
    }
    const url = linkOf(news, publicOrigin(this.config));
    const body = JSON.stringify({ ...news, data: { ...news.data, url } });
    const timestamp = Math.floor(now.getTime() / 1000);
    const headers = signatureHeaders(secret, { id, timestamp, body });
    return { contentType: 'application/json', headers, body };
  }

  private preset(to: Recipient, { news }: Message): Posted {
    const origin = publicOrigin(this.config);
    if (to.channel === 'discord') {
      const body = JSON.stringify(discordMessage(news, origin));
      return { contentType: 'application/json', headers: {}, body };
    }
    const body = openChatText(news, origin);
    return { contentType: 'text/plain; charset=utf-8', headers: {}, body, refusalIn };
  }
}

/** OpenChat answers 200 to what it refuses, too: `{"Error": …}` instead of `{"Success": …}`. */
function refusalIn(answer: string): string | null {
  return /^\s*\{\s*"Success"/.test(answer) ? null : 'OpenChat refused the message';
}
