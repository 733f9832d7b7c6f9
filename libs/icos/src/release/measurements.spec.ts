import { describe, expect, test } from 'vitest';
import { parseMeasurements } from '../index.js';

const bytes = (first: number) => [first, ...Array.from({ length: 47 }, (_, index) => index)];
const file = (...measurements: unknown[]) =>
  JSON.stringify({ guest_launch_measurements: measurements });
const slot = (first: number, commandLine: string) => ({
  measurement: bytes(first),
  metadata: { kernel_cmdline: commandLine },
});

describe('launch measurements', () => {
  test('are read as hexadecimal in the order of the file', () => {
    const read = parseMeasurements(
      file(slot(255, 'dfinity.system=A'), slot(1, 'dfinity.system=B')),
    );
    expect(read.map(({ measurement }) => measurement.slice(0, 6))).toEqual(['ff0001', '010001']);
    expect(read[1]).toEqual({
      measurement: Buffer.from(bytes(1)).toString('hex'),
      kernelCommandLine: 'dfinity.system=B',
    });
  });

  test.each([{ metadata: null }, {}])('may have no command line: %j', (rest) => {
    expect(parseMeasurements(file({ measurement: bytes(0), ...rest }))).toMatchObject([
      { kernelCommandLine: null },
    ]);
  });

  test.each([
    ['no JSON', '<html>'],
    ['another object', '{}'],
    ['a short measurement', file({ measurement: bytes(0).slice(1) })],
    ['a byte that is none', file({ measurement: bytes(256) })],
    ['hexadecimal', file({ measurement: 'ff' })],
  ])('are refused as %s', (_, text) => {
    expect(() => parseMeasurements(text)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_MEASUREMENTS' }),
    );
  });
});
