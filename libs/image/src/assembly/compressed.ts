import type { Attributes, Container } from '#libs/manifest';
import { streamHash } from '../beside/stream-hash.js';
import type { ByteSource } from '../byte-source.js';
import { gunzip, unzstd } from '../compression.js';
import { ImageError } from '../error.js';
import { gzipAttributes } from '../gzip-header.js';
import { RATIO_FREE_BYTES } from '../limits.js';
import { type ZstdFacts, ZstdFrames } from '../zstd-frames.js';
import type { ContentFacts, Context } from './context.js';
import { piecesOf } from './hash-source.js';
import { Intake } from './intake.js';
import { refusalOf } from './refusal.js';

/** Smaller streams are hashed before a thread would hear of them. */
const MIN_BESIDE_BYTES = 8 * 1024 ** 2;

/** A refusal of what came out of a stream: the stream itself is whole as far as it was read. */
class RefusedInside extends Error {
  constructor(override readonly cause: unknown) {
    super('what is inside was refused');
  }
}

/**
 * Reads a compressed stream as a container of the one content in it.
 *
 * @throws ImageError as `decompress`, TOO_LARGE for a bomb, and past a limit of the whole
 */
export async function readCompressed(
  context: Context,
  form: 'gzip' | 'zstd',
  source: ByteSource,
  depth: number,
): Promise<Container> {
  let unread: string;
  try {
    return await pass(context, form, source, { depth, isTarStreamed: true });
  } catch (error) {
    context.budget.checkOn();
    if (!(error instanceof RefusedInside)) throw error;
    unread = refusalOf(error.cause);
  }
  // Its digest is not known, as hashing all that passes is what reading it as it comes saves.
  const opaque = { depth, isTarStreamed: false, isOpaque: true };
  return pass(context, form, source, opaque, { unread });
}

async function pass(
  context: Context,
  form: 'gzip' | 'zstd',
  source: ByteSource,
  options: { depth: number; isTarStreamed: boolean; isOpaque?: boolean },
  more: Attributes = {},
): Promise<Container> {
  const intake = new Intake(context, options);
  try {
    const { attributes, facts } = await drain(context, form, source, intake);
    const nodes = context.nodes();
    nodes.add({
      path: '',
      kind: 'file',
      ...facts,
      attributes: { size: intake.sizeBytes, ...facts.attributes, ...more },
    });
    return nodes.container(form, attributes);
  } finally {
    intake.abandon();
  }
}

async function drain(
  context: Context,
  form: 'gzip' | 'zstd',
  source: ByteSource,
  intake: Intake,
): Promise<{ attributes: Attributes; facts: ContentFacts }> {
  const isLarge = source.sizeBytes >= MIN_BESIDE_BYTES;
  const stream = streamHash(isLarge ? context.thread : null);
  const frames = new ZstdFrames();
  let fedBytes = 0;
  const feed = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of piecesOf(source)) {
      context.budget.checkOn();
      fedBytes += piece.length;
      await stream.update(piece);
      yield piece;
    }
  };
  const header = form === 'gzip' ? gzipAttributes(source) : {};
  for await (const bytes of form === 'gzip' ? gunzip(feed()) : unzstd(feed(), frames)) {
    context.budget.checkOn();
    await inside(async () => {
      intake.data(bytes);
      await intake.settle();
    });
    const isBomb = intake.sizeBytes > RATIO_FREE_BYTES;
    if (isBomb && intake.sizeBytes > fedBytes * context.budget.limits.maxRatio) {
      throw new ImageError('TOO_LARGE', 'a compressed stream is a bomb: it grows beyond all ratio');
    }
  }
  const facts = await inside(() => intake.end());
  const digest = { stream: await stream.end() };
  if (form === 'gzip') return { attributes: { ...header, ...digest }, facts };
  return { attributes: { ...zstdAttributes(frames.facts()), ...digest }, facts };
}

async function inside<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new RefusedInside(error);
  }
}

function zstdAttributes(facts: ZstdFacts): Attributes {
  const { contentBytes, windowBytes } = facts;
  return {
    frames: facts.frames,
    ...(facts.skippableFrames > 0 && { 'skippable-frames': facts.skippableFrames }),
    ...(windowBytes !== null && { window: windowBytes }),
    ...(contentBytes !== null && { 'content-size': contentBytes.toString() }),
    checksum: facts.hasChecksum ? 'yes' : 'no',
  };
}
