import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isReadableLog, MAX_LOG_BYTES } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { scratchDirectory } from '../agent.fixture.js';
import { readLogTail } from './log-tail.js';
import { publicLogPath, writePublicLog } from './public-log.js';

const words = { hostname: 'alpha', user: 'ada', paths: ['/home/ada'] };

async function folder(log: string | Buffer): Promise<{ logPath: string; jobFolder: string }> {
  const jobFolder = await scratchDirectory();
  await mkdir(jobFolder, { recursive: true });
  const logPath = join(jobFolder, 'build.log');
  await writeFile(logPath, log);
  return { logPath, jobFolder };
}

test('what may be shown of a log has no private word, and nothing that a terminal obeys', async () => {
  const paths = await folder(
    'on al\u001b[1mpha as ada\r\nin /home/ada/ic from 192.0.2.7\n\u202eevil\u0000 \u009b2J no end of line',
  );
  const digest = await writePublicLog(paths, words);
  const text = await readFile(publicLogPath(paths.jobFolder), 'utf8');
  expect(text).toBe('on <host> as <user>\nin <path>/ic from <address>\nevil 2J no end of line\n');
  expect(digest).toBe(sha256(Buffer.from(text)));
});

test('of a long log the beginning and the end are shown, and how much is left out', async () => {
  const line = `${'x'.repeat(99)}\n`;
  const paths = await folder(`first\n${line.repeat(200_000)}last on alpha\n`);
  const digest = await writePublicLog(paths, words);
  const bytes = await readFile(publicLogPath(paths.jobFolder));
  const text = bytes.toString();
  expect(bytes.length).toBeLessThan(11 * 1024 ** 2);
  expect(sha256(bytes)).toBe(digest);
  expect(text.startsWith('first\n')).toBe(true);
  expect(text.endsWith('last on <host>\n')).toBe(true);
  expect(text).toMatch(/\n\[95\d{5} bytes are left out here\]\nx{99}\n/);
});

test('masking makes no log larger than logs are', async () => {
  const paths = await folder('ada\n'.repeat(2_000_000));
  await writePublicLog(paths, words);
  const bytes = await readFile(publicLogPath(paths.jobFolder));
  expect(bytes.length).toBeLessThanOrEqual(MAX_LOG_BYTES);
});

test('a line without end is cut before anything that could be half of a word', async () => {
  const paths = await folder(Buffer.concat([Buffer.alloc(3_000_000, 'y '), Buffer.from([0xff])]));
  await writePublicLog(paths, words);
  const text = await readFile(publicLogPath(paths.jobFolder), 'utf8');
  expect(text.length).toBeLessThan(20_000);
  expect(text).toMatch(/ \[\d+ characters of this line are left out\]\n$/);
  expect(isReadableLog(text)).toBe(true);
});

test('the end of a log that grows is shown line by line, and nothing of it twice', async () => {
  const { logPath } = await folder('one on alpha\ntwo');
  const first = await readLogTail(logPath, null, words);
  expect(first).toEqual({ fromByte: 0, nextByte: 13, text: 'one on <host>\n' });
  await appendFile(logPath, ' and more\n');
  const second = await readLogTail(logPath, first.nextByte, words);
  expect(second).toEqual({ fromByte: 13, nextByte: 26, text: 'two and more\n' });
  const third = await readLogTail(logPath, second.nextByte, words);
  expect(third).toEqual({ fromByte: 26, nextByte: 26, text: '' });
});

test('who is far behind is shown the last whole lines', async () => {
  const { logPath } = await folder(`${'z'.repeat(999)}\n`.repeat(100));
  const { fromByte, nextByte, text } = await readLogTail(logPath, 5, words);
  expect(nextByte).toBe(100_000);
  expect(fromByte % 1_000).toBe(0);
  expect(text.length).toBe(nextByte - fromByte);
  expect(text.length).toBeLessThan(16_384);
});
