import { expect, test } from 'vitest';
import { commandText } from './command-text.js';

test.for([
  [['apt-get', 'install', '-y', 'podman'], true, 'sudo apt-get install -y podman'],
  [['mv', '--', '/a b/x', "it's"], false, "mv -- '/a b/x' 'it'\\''s'"],
  [['mv', '$(reboot)', ''], false, "mv '$(reboot)' ''"],
] as const)('%j is typed so that a shell reads the same words', ([command, needsRoot, text]) => {
  const [file, ...args] = command;
  expect(commandText({ command: [file, ...args], needsRoot, text: 'x' })).toBe(text);
});

test('what no command does has no text of one', () => {
  expect(commandText({ command: null, needsRoot: true, text: 'x' })).toBeNull();
});

test('root needs no sudo', () => {
  const step = { command: ['swapon', '/x'], needsRoot: true, text: 'x' } as const;
  expect(commandText(step, true)).toBe('swapon /x');
});
