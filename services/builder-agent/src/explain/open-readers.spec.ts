import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ImageError, type ArtifactReader } from '#libs/image';
import { OpenReaders, READING_LIMITS, type ReadingLimits } from './open-readers.js';

/** Artifacts whose every reading waits until the spec lets it end, or until it is interrupted. */
class SlowArtifacts {
  readonly opened: string[] = [];
  readonly closed: string[] = [];
  readonly reading: string[] = [];
  private readonly ends: (() => void)[] = [];

  readonly open = (path: string, signal: AbortSignal): Promise<ArtifactReader> => {
    if (path === 'broken') {
      return Promise.reject(new ImageError('NOT_READABLE', 'cannot read it'));
    }
    this.opened.push(path);
    return Promise.resolve({
      bytes: async () => {
        this.reading.push(path);
        await new Promise<void>((resolve, reject) => {
          this.ends.push(resolve);
          signal.addEventListener('abort', () => {
            reject(new ImageError('INTERRUPTED', 'was interrupted'));
          });
        });
        return Buffer.from(path);
      },
      chunkDigests: () => Promise.resolve({ sizeBytes: 0, digests: [] }),
      close: () => {
        this.closed.push(path);
        return Promise.resolve();
      },
    });
  };

  /** Lets the reading that is under way end. */
  async end(): Promise<void> {
    while (this.ends.length === 0) await turn();
    this.ends.shift()?.();
  }
}

function readersOf(artifacts: SlowArtifacts, over: Partial<ReadingLimits> = {}): OpenReaders {
  const readers = new OpenReaders(artifacts.open, () => undefined, { ...READING_LIMITS, ...over });
  onTestFinished(() => readers.close());
  return readers;
}
const ask = async (readers: OpenReaders, path: string): Promise<string> =>
  readers
    .use(path, (reader) => reader.bytes([''], 0, 1))
    .then((bytes) => Buffer.from(bytes).toString())
    .catch((error: unknown) => (error instanceof Error ? error.message : 'unknown'));

describe('artifacts are read', () => {
  test('one at a time, in the order asked', async () => {
    const artifacts = new SlowArtifacts();
    const readers = readersOf(artifacts);
    const answers = [ask(readers, 'a'), ask(readers, 'b'), ask(readers, 'a')];
    await turn();
    expect(artifacts.reading).toEqual(['a']);
    await artifacts.end();
    await artifacts.end();
    expect(artifacts.reading).toEqual(['a', 'b']);
    await artifacts.end();
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'a']);
    expect(artifacts.opened).toEqual(['a', 'b']);
  });

  test('by readers of which few stay open: the one that was not used for longest is closed', async () => {
    const artifacts = new SlowArtifacts();
    const readers = readersOf(artifacts, { mostOpen: 2 });
    for (const path of ['a', 'b', 'a', 'c', 'a', 'b']) {
      const answer = ask(readers, path);
      await artifacts.end();
      expect(await answer).toBe(path);
    }
    expect(artifacts.opened).toEqual(['a', 'b', 'c', 'b']);
    expect(artifacts.closed).toEqual(['b', 'c']);
  });

  test('also after one that cannot be opened', async () => {
    const artifacts = new SlowArtifacts();
    const readers = readersOf(artifacts);
    expect(await ask(readers, 'broken')).toBe('cannot read it');
    expect(await ask(readers, 'broken')).toBe('cannot read it');
    const answer = ask(readers, 'a');
    await artifacts.end();
    expect(await answer).toBe('a');
  });
});

describe('whoever asks', () => {
  test('while too many wait is told to come again', async () => {
    const artifacts = new SlowArtifacts();
    const readers = readersOf(artifacts, { mostWaiting: 2 });
    const answers = [ask(readers, 'a'), ask(readers, 'a')];
    expect(await ask(readers, 'a')).toBe('busy');
    await artifacts.end();
    await artifacts.end();
    expect(await Promise.all(answers)).toEqual(['a', 'a']);
  });

  test('for what takes long waits no longer than that; the reading goes on, and is there later', async () => {
    const artifacts = new SlowArtifacts();
    const readers = readersOf(artifacts, { answerMs: 10 });
    expect(await ask(readers, 'a')).toBe('timeout');
    expect(artifacts.closed).toEqual([]);
    await artifacts.end();
    const again = ask(readers, 'a');
    await artifacts.end();
    expect(await again).toBe('a');
    expect(artifacts.opened).toEqual(['a']);
  });

  test('and gave up before its turn is not read for', async () => {
    const artifacts = new SlowArtifacts();
    const readers = readersOf(artifacts, { answerMs: 10 });
    expect(await Promise.all([ask(readers, 'a'), ask(readers, 'b')])).toEqual([
      'timeout',
      'timeout',
    ]);
    await artifacts.end();
    const again = ask(readers, 'c');
    await artifacts.end();
    expect(await again).toBe('c');
    expect(artifacts.reading).toEqual(['a', 'c']);
  });
});

describe('a reading', () => {
  test('that takes longer than any may is interrupted, and its reader closed', async () => {
    const artifacts = new SlowArtifacts();
    const readers = readersOf(artifacts, { readingMs: 10 });
    expect(await ask(readers, 'a')).toBe('was interrupted');
    expect(artifacts.closed).toEqual(['a']);
  });

  test('is ended with the agent, and nothing is begun after it', async () => {
    const artifacts = new SlowArtifacts();
    const readers = readersOf(artifacts);
    const answers = [ask(readers, 'a'), ask(readers, 'b')];
    while (artifacts.reading.length === 0) await turn();
    await readers.close();
    expect(await Promise.all(answers)).toEqual(['was interrupted', 'busy']);
    expect(artifacts.opened).toEqual(['a']);
    expect(artifacts.closed).toEqual(['a']);
  });

  test('counts for as long as it took, also where nobody waited for it', async () => {
    const artifacts = new SlowArtifacts();
    let spentMs = 0;
    const readers = new OpenReaders(
      artifacts.open,
      (ms) => {
        spentMs += ms;
      },
      { ...READING_LIMITS, answerMs: 20 },
    );
    expect(await ask(readers, 'a')).toBe('timeout');
    expect(spentMs).toBe(0);
    await artifacts.end();
    await readers.close();
    expect(spentMs).toBeGreaterThanOrEqual(15);
  });
});
