import { SMTPServer } from 'smtp-server';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newsBetween, newsMail } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { readConfig } from '#libs/platform';
import { Config } from '../config.js';
import { MailService } from './mail.service.js';

interface Mailed {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

const mailed: Mailed[] = [];
let refusal: Error | null = null;
const server = new SMTPServer({
  disabledCommands: ['STARTTLS'],
  onAuth: ({ username, password }, _session, done) => {
    if (username === 'quorum' && password === 'secret') done(null, { user: username });
    else done(new Error('wrong password'));
  },
  onData: (stream, { envelope }, done) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      if (refusal === null) {
        const { mailFrom, rcptTo } = envelope;
        mailed.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(parts).toString('utf8'),
        });
      }
      done(refusal);
    });
  },
});

function mailWith(url: string | undefined): MailService {
  return new MailService(
    readConfig(Config, {
      ...{
        DATABASE_URL: 'postgres://',
        NATS_URL: 'nats://127.0.0.1:4222',
        LOG_ORIGIN: 'l.example',
      },
      ...{ SIGNING_KEY_FILE: 'key', ROSTER_FILE: 'roster', NEWS_FROM: 'Quorum <news@q.example>' },
      SMTP_URL: url,
    }),
  );
}

let address: string;
beforeAll(async () => {
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  address = `127.0.0.1:${(listening.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise<void>((resolve) => {
    server.close(resolve);
  });
});

const HOSTILE = 'x\r\nBcc: mallory@evil.example\r\n\r\n<b>\u202e';
const [news] = newsBetween(null, {
  facts: {
    ...{
      round: sha256('round'),
      release: HOSTILE,
      proposal: null,
      threshold: '2',
      roster: [],
      groups: [],
    },
    closesAt: '2026-01-02T00:00:00.000Z',
  },
  ...{ phase: 'open', at: '2026-01-01T00:00:00.000Z', missing: [], artifacts: [], headline: '' },
  ...{ before: null, proposals: [] },
});

test('mail is handed over as text to one mailbox, and what others write adds none', async () => {
  const mail = mailWith(`smtp://quorum:secret@${address}`);
  const words = newsMail(news!, 'https://quorum.example');
  const outcome = await mail.send({ id: 'msg_1', to: 'alice@example.org', ...words });
  expect(outcome.kind).toBe('delivered');
  expect(mailed).toMatchObject([{ from: 'news@q.example', to: ['alice@example.org'] }]);
  const [head = '', text = ''] = mailed[0]!.text.split('\r\n\r\n', 2);
  expect(head).toMatch(/^Message-ID: <msg_1@127\.0\.0\.1>$/m);
  expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(head).toMatch(/^Content-Type: text\/plain/m);
  expect(head).not.toMatch(/^bcc:/im);
  expect(text).not.toMatch(/^bcc:/im);
  mail.onApplicationShutdown();
});

test.each([
  ['refuses it', () => `smtp://quorum:secret@${address}`, new Error('mailbox full')],
  ['knows another password', () => `smtp://quorum:wrong@${address}`, null],
  ['is away', () => 'smtp://127.0.0.1:9', null],
])('it is tried again where the server %s', async (_, url, error) => {
  refusal = error;
  const mail = mailWith(url());
  const words = { subject: 'subject', text: 'text' };
  const outcome = await mail.send({ id: 'msg_2', to: 'alice@example.org', ...words });
  expect(outcome.kind).toBe('failed');
  expect(outcome.detail).not.toContain('secret');
  refusal = null;
  mail.onApplicationShutdown();
});

test('without a server there is no mail', async () => {
  const mail = mailWith(undefined);
  expect(mail.isReady).toBe(false);
  const outcome = await mail.send({ id: 'm', to: 'a@b.example', subject: 's', text: 't' });
  expect(outcome).toMatchObject({ kind: 'failed', detail: 'SMTP_URL is not set' });
});
