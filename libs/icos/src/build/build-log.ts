import { type FileHandle, open } from 'node:fs/promises';
import { quote } from '#libs/encoding';
import { IcosError } from '../error.js';
import { OutputTail } from './output-tail.js';

const TAIL_BYTES = 64 * 1024;

/**
 * Writes a build's output to a file of bounded size and keeps its end in memory. What does not fit
 * is counted and left out, with a marker where it begins: a build that prints for ever fills no
 * disk, and its last words are known all the same.
 */
export class BuildLog {
  private readonly tail = new OutputTail(TAIL_BYTES);
  private writtenBytes = 0;
  private isOpen = true;

  private constructor(
    private readonly file: FileHandle,
    private readonly maxBytes: number,
  ) {}

  /**
   * Replaces the file, readable by its owner alone: logs tell paths and names.
   *
   * @throws IcosError NOT_STARTED
   */
  static async create(path: string, maxBytes: number): Promise<BuildLog> {
    try {
      return new BuildLog(await open(path, 'w', 0o600), maxBytes);
    } catch (cause) {
      throw new IcosError('NOT_STARTED', `cannot write the log ${quote(path)}`, { cause });
    }
  }

  async write(chunk: Buffer): Promise<void> {
    this.tail.push(chunk);
    if (!this.isOpen) return;
    const fitting = chunk.subarray(0, this.maxBytes - this.writtenBytes);
    this.writtenBytes += fitting.length;
    await this.append(fitting);
    if (fitting.length < chunk.length) {
      await this.append(
        Buffer.from(`\n[log cut here: it is longer than ${this.maxBytes} bytes]\n`),
      );
      this.isOpen = false;
    }
  }

  async close(): Promise<void> {
    this.isOpen = false;
    await this.file.close();
  }

  get lastWords(): string {
    return this.tail.text;
  }

  private async append(bytes: Buffer): Promise<void> {
    try {
      await this.file.appendFile(bytes);
    } catch (error) {
      // A full disk shows here first. It must end neither the agent nor, by itself, the build;
      // but whoever asks why the build failed finds it among the last words.
      this.isOpen = false;
      this.tail.push(Buffer.from(`\n[log cannot be written: ${String(error)}]\n`));
    }
  }
}
