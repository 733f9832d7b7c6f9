import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { doctorCommand } from './doctor-command.js';
import { requestOf } from './request.js';

const environment = { XDG_CACHE_HOME: '/home/ann/.cache' };
const commandFor = (folders: { cacheDir?: string; tempDir?: string }): string =>
  doctorCommand(requestOf({ downloadSource: 'systems', ...folders }, environment), environment);

test('the doctor is sent to the folders of the run', () => {
  expect(commandFor({ cacheDir: '/srv/ic os', tempDir: '/scratch' })).toBe(
    "repro-quorum builder doctor --cache-dir '/srv/ic os' --temp-dir '/scratch'",
  );
});

test('the doctor finds the usual folders by itself', () => {
  const command = 'repro-quorum builder doctor';
  expect(commandFor({})).toBe(command);
  expect(commandFor({ cacheDir: '/home/ann/.cache/repro-quorum', tempDir: tmpdir() })).toBe(
    command,
  );
});
