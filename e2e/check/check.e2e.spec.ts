import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EraId } from '../world/era.js';
import type { Published } from '../world/publisher.js';
import { openCheckDesk, type CheckDesk, type CheckEnd } from './check-desk.js';

let desk: CheckDesk;
let release: Published<EraId>;
let end: CheckEnd;
beforeAll(async () => {
  desk = await openCheckDesk();
  release = await desk.release();
  end = await desk.check(['-p', desk.elect(release)]);
});
afterAll(() => desk.close());

describe('a check of a proposal that is as it should be', () => {
  test('ends with exit code 0', () => {
    expect(end.exitCode, end.stderr).toBe(0);
  });

  test('tells first what the machine is like, on stderr', () => {
    expect(end.stderr).toMatch(/\[ℹ️\] Environment: \d+ checks passed, \d+ warn, 0 forbid a build/);
  });

  test('tells what is elected, by whom it is certified, and that the dashboard shows the same', () => {
    expect(end.stdout).toMatch(/Certified by the NNS subnet at 20\S+Z\./);
    const { digest } = release.artifacts['guestos/update-img'];
    expect(end.stdout).toContain(`It elects GuestOS with sha256 ${digest}`);
    expect(end.stdout).toContain('The dashboard shows the same.');
  });

  test('tells what repro-check tells: artifact and hash, proposal and CDN, measurements', () => {
    for (const { url } of [desk.world.systems, desk.world.network]) {
      const { host } = new URL(url);
      expect(end.stdout).toContain(`The proposal's artifact and hash match (${host}).`);
    }
    expect(end.stdout).toContain('GuestOS: sha256 of proposal and CDN match');
    expect(end.stdout).toContain('launch measurements of proposal and CDN match');
  });

  test.each([
    ['GuestOS', 'guestos/update-img'],
    ['Recovery-GuestOS', 'guestos-recovery/update-img'],
    ['HostOS', 'hostos/update-img'],
    ['SetupOS', 'setupos/disk-img'],
  ])('tells both digests of %s', (title, name) => {
    const { digest } = Object.entries(release.artifacts).find(([own]) => own === name)![1];
    expect(end.stdout).toContain(
      `[ℹ️] Verification successful for ${title}!\n    Local  = ${digest}\n    Remote = ${digest}\n`,
    );
  });

  test('tells at last how long it took, and what came of it', () => {
    expect(end.stdout).toMatch(
      /Total time: 0h \d+m \d+s\n.*: GuestOS, .* and SetupOS reproduce on this machine\.$/,
    );
  });

  test('says nothing of what to try, and colours nothing: nobody is at a terminal', () => {
    expect(end.stdout).not.toContain('Warning');
    expect(end.stdout + end.stderr).not.toContain('\u001b');
  });
});
