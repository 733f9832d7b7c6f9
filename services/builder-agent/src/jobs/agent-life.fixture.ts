import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { onTestFinished, vi } from 'vitest';
import { configBelow } from '../agent.fixture.js';
import { privateWords } from '../build/private-words.js';
import { LogAnswers } from '../build-log/log-answers.js';
import { BUILDER, coordinator } from '../submit/close-evidence.fixture.js';
import { makeJobDesk, type JobDesk } from './desk.fixture.js';

const HOUR_MS = 3_600_000;

/** A machine whose clock stands still, so that nothing ticks, and whose power can fail between two writes. */
export class Machine {
  private clockMs = 0;
  private cut: { readonly folder: string; readonly onCut: () => void; writesLeft: number } | null =
    null;

  /** Stands in for clock and power until the test ends; whatever is written is written. */
  static use(): Machine {
    const machine = new Machine();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => machine.clockMs);
    const { rename } = fs;
    // With a rename each durable write becomes one.
    fs.rename = (from, to) => {
      machine.beforeWrite(String(to));
      return rename(from, to);
    };
    syncBuiltinESMExports();
    onTestFinished(() => {
      clock.mockRestore();
      vi.useRealTimers();
      fs.rename = rename;
      syncBuiltinESMExports();
    });
    return machine;
  }

  passHour(): void {
    this.clockMs += HOUR_MS;
  }

  /** Cuts the power when so many more files below a folder have been written; null never. */
  cutAfter(folder: string, writes: number | null, onCut: () => void): void {
    this.cut = writes === null ? null : { folder, onCut, writesLeft: writes };
  }

  private beforeWrite(path: string): void {
    const { cut } = this;
    if (cut === null || !path.startsWith(join(cut.folder, '/'))) return;
    cut.writesLeft -= 1;
    if (cut.writesLeft >= 0) return;
    this.cut = null;
    cut.onCut();
  }
}

/** An agent that is started again and again, on what the one before it had on disk. */
export class AgentLife {
  private starts = 0;
  private isDark = false;
  private writesLeft: number | null = null;
  private desk: JobDesk;
  private logs: LogAnswers;

  /** `onDue` hears whenever all that has no receipt is to be sent: at each start, and hour by hour. */
  constructor(
    private readonly machine: Machine,
    private readonly dir: string,
    private readonly nats: NatsConnection,
    private readonly onDue: () => void,
  ) {
    [this.desk, this.logs] = this.make();
  }

  /** What is told to the agent is told to this one. */
  get now(): JobDesk {
    return this.desk;
  }

  get hasPower(): boolean {
    return !this.isDark;
  }

  start(): void {
    this.onDue();
    const { submit, reveals, runner } = this.desk;
    for (const service of [submit, reveals, runner]) service.onModuleInit();
  }

  /** Lets all pauses be over; builds begin only where they may. */
  passHour(mayBuild = false): void {
    this.onDue();
    this.machine.passHour();
    if (!mayBuild) this.desk.runner.settle();
    for (const service of [this.desk.submit, this.desk.reveals, this.desk.runner]) service.wake();
  }

  /** Lets the power fail when so many more files were written; null never. */
  failAfter(writes: number | null): void {
    this.writesLeft = writes;
    this.arm();
  }

  /** Ends this agent, and starts another one on the same files. */
  async restart(): Promise<void> {
    await this.end();
    if (!this.isDark) renameSync(this.folder(), this.folder(this.starts + 1));
    this.starts += 1;
    this.isDark = false;
    [this.desk, this.logs] = this.make();
    this.start();
  }

  /** Ends this agent, and waits until all that it said was heard. */
  async end(): Promise<void> {
    await this.desk.stop();
    await this.nats.flush();
  }

  /** What who asks for the log of a build is refused with. */
  logRefusal(round: string): Promise<string> {
    return this.logs.piece({ round, offset: 0 }).then(
      () => 'none',
      (error: unknown) => String((error as { refusal?: unknown }).refusal),
    );
  }

  private make(): [JobDesk, LogAnswers] {
    mkdirSync(this.folder(), { recursive: true });
    // In place of a folder, so that a build fails at once; what it signs is new each time all the same.
    writeFileSync(join(this.dir, 'file'), '');
    const own = { STATE_DIR: this.folder(), BUILD_TMPDIR: join(this.dir, 'file/tmp') };
    const config = configBelow(this.dir, own);
    const desk = makeJobDesk(config, BUILDER, coordinator, this.nats);
    this.arm();
    return [desk, new LogAnswers(desk.jobs, () => privateWords(config))];
  }

  /** Whoever lost power writes on in a folder that nobody reads again. */
  private arm(): void {
    this.machine.cutAfter(this.folder(), this.writesLeft, () => {
      this.writesLeft = null;
      this.isDark = true;
      renameSync(this.folder(), this.folder(this.starts + 1));
    });
  }

  private folder(start = this.starts): string {
    return join(this.dir, `state-${start}`);
  }
}
