import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { plain } from '#libs/contracts';
import type { Config } from '../config.js';
import { CONFIG } from '../tokens.js';
import { failure, type Outcome } from './outcome.js';

const PATIENCE_MS = 20_000;

/** One mail. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Hands mail over to the server that `SMTP_URL` names. */
@Injectable()
export class MailService implements OnApplicationShutdown {
  private readonly transport: Transporter | null;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.transport =
      config.SMTP_URL === undefined
        ? null
        : createTransport({
            url: config.SMTP_URL,
            ...{ connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS },
            ...{ socketTimeout: PATIENCE_MS, disableFileAccess: true, disableUrlAccess: true },
          });
  }

  get isReady(): boolean {
    return this.transport !== null;
  }

  /** Sends a mail once. It has the same Message-ID whenever it is sent, so that a second one is known. */
  async send({ id, to, subject, text }: Mail): Promise<Outcome> {
    if (this.transport === null) return failure('SMTP_URL is not set');
    try {
      await this.transport.sendMail({
        from: this.config.NEWS_FROM,
        // Never parsed as a list.
        to: { name: '', address: to },
        ...{ subject, text },
        messageId: `<${id}@${new URL(this.config.SMTP_URL ?? '').hostname}>`,
        // No machine answers it. Source: RFC 3834, 5
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { kind: 'delivered', detail: 'the mail server took it' };
    } catch (error) {
      return failure(plain(error instanceof Error ? error.message : String(error), 200));
    }
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}
