import { createHash } from 'node:crypto';
import { initializeTLog } from '@sigstore/mock/dist/rekor/index.js';
import type { LogEntry } from './bundle.js';
import type { KeyPair } from './key-pair.js';

export const LOG_URL = 'https://rekor.stand-in.test';

/** What goes into the log of one signed envelope. */
export interface Logged {
  readonly envelope: object;
  readonly payload: string;
  readonly signature: Buffer;
  /** DER */
  readonly certificate: Buffer;
}

/** What the log of `@sigstore/mock` answers; its own types name a package that it lacks. */
interface Answer {
  readonly body: string;
  readonly integratedTime: number;
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly treeSize: number;
      readonly rootHash: string;
      readonly hashes: readonly string[];
      readonly checkpoint: string;
    };
  };
}

/** Logs an envelope as a `dsse` entry of Rekor, at this time. */
export async function logEnvelope(key: KeyPair, logged: Logged, at: Date): Promise<LogEntry> {
  const log = await initializeTLog(LOG_URL, { ...key }, at);
  const answers: unknown = await log.log(toEntry(logged));
  const [answer] = Object.values(answers as Readonly<Record<string, Answer>>);
  if (answer === undefined) throw new TypeError('the log answered without an entry');
  const { inclusionProof: proof, signedEntryTimestamp } = answer.verification;
  return {
    logIndex: String(answer.logIndex),
    logId: { keyId: Buffer.from(answer.logID, 'hex').toString('base64') },
    kindVersion: { kind: 'dsse', version: '0.0.1' },
    integratedTime: String(answer.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: Buffer.from(proof.rootHash, 'hex').toString('base64'),
      treeSize: String(proof.treeSize),
      hashes: [...proof.hashes],
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: answer.body,
  };
}

function toEntry({ envelope, payload, signature, certificate }: Logged): object {
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n');
  const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return {
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      envelopeHash: { algorithm: 'sha256', value: digest(JSON.stringify(envelope)) },
      payloadHash: { algorithm: 'sha256', value: digest(payload) },
      signatures: [
        {
          signature: signature.toString('base64'),
          verifier: Buffer.from(pem).toString('base64'),
        },
      ],
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
