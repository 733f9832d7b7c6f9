import type { Plugin } from 'rolldown';

/** What NestJS loads where it is installed and does without where it is not: we do without. */
const ABSENT = [
  ...['class-transformer', 'class-validator'],
  ...['@nestjs/platform-express', '@nestjs/websockets/socket-module.js'],
  ...['amqp-connection-manager', 'ioredis', 'kafkajs', 'mqtt'],
];

/**
 * Puts a module that fails in the place of each package that is left out. An import that stayed one
 * would take the package from whatever folder lies above the file: in /tmp, from anybody's.
 */
export function absentPackages(): Plugin {
  return {
    name: 'absent-packages',
    resolveId: (source) => (ABSENT.includes(source) ? `\0absent:${source}` : null),
    load: (id) => {
      if (!id.startsWith('\0absent:')) return null;
      const message = `${id.slice('\0absent:'.length)} is not part of this file`;
      return `throw new Error(${JSON.stringify(message)});\nexport {};\n`;
    },
  };
}
