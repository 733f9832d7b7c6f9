import type { Plugin } from 'rolldown';
import { BundleError } from './error.js';

const MODULE = '/node_modules/@nestjs/microservices/client/client-nats.js';
const LOADER = "createRequire(import.meta.url)('@nats-io/transport-node')";

/**
 * Brings in the NATS package that NestJS's client requires when it is made, in a way that no bundler
 * follows.
 *
 * Source: docstring of loadPackageSync in @nestjs/common 12
 */
export function natsClient(): Plugin {
  return {
    name: 'nats-client',
    transform: (code, id) => {
      if (!id.endsWith(MODULE)) return null;
      const [before, after, ...more] = code.split(LOADER);
      if (before === undefined || after === undefined || more.length > 0) {
        throw new BundleError(
          'UNKNOWN_CODE',
          `${id.slice(id.indexOf('node_modules'))} does not load NATS as it did: expected ${LOADER} once`,
        );
      }
      return `import * as transportNode from '@nats-io/transport-node';\n${before}transportNode${after}`;
    },
  };
}
