import { readFile } from 'node:fs/promises';
import { quote } from '#libs/encoding';
import { z } from 'zod';
import { IcosError } from '../error.js';
import { ARTIFACT_NAMES } from './artifact.js';
import type { Era } from './era.js';

/** Most intermediate outputs of an era: as many as a result may tell. */
const MAX_INTERMEDIATES = 32;

/** A path inside the repository or the release: relative, and without a way out of it. */
const InnerPath = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9._][A-Za-z0-9._/-]*$/)
  .refine((path) => !path.split('/').some((part) => ['', '.', '..'].includes(part)));
const MarkList = z
  .array(z.strictObject({ path: InnerPath, contains: z.string().min(1).max(200) }))
  .max(8);
const Marks = MarkList.min(1);
/** The same with `*` for the name of a folder. */
const InnerPattern = z
  .string()
  .max(300)
  .regex(/^(?:\*|[A-Za-z0-9._][A-Za-z0-9._-]*)(?:\/(?:\*|[A-Za-z0-9._-]+))*$/)
  .refine((path) => !path.split('/').some((part) => ['.', '..'].includes(part)));

const Word = z
  .string()
  .max(200)
  .regex(/^[!-~]+$/);

const Table = z.strictObject({
  eras: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,64}$/),
        marks: Marks,
        command: z.tuple([Word], Word),
        branchMarks: MarkList,
        engine: z.enum(['docker', 'podman']).nullable(),
        attestsSums: z.boolean(),
        minimumDiskBytes: z.int().nonnegative(),
        tempRules: z
          .array(z.strictObject({ marks: Marks, blockSizeBytes: z.int().positive() }))
          .max(8),
        artifacts: z
          .array(
            z.strictObject({
              name: z.enum(ARTIFACT_NAMES),
              outputPath: InnerPath,
              cdnDir: InnerPath,
              file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
              members: z.array(z.string().min(1).max(100)).max(16),
              embeds: z.array(z.enum(ARTIFACT_NAMES)),
            }),
          )
          .min(1)
          .max(ARTIFACT_NAMES.length),
        intermediates: z
          .array(
            z.strictObject({
              name: InnerPath,
              path: InnerPattern,
              artifacts: z.array(z.enum(ARTIFACT_NAMES)).min(1).max(ARTIFACT_NAMES.length),
            }),
          )
          .max(MAX_INTERMEDIATES)
          .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
            error: 'two intermediate outputs have one name',
          })
          // A table from before there were any asks for none.
          .default([]),
      }),
    )
    .min(1)
    .max(64),
});

/**
 * Reads a table of eras that an operator keeps beside the one of this version: for a commit that
 * is newer than it, or a repository that is built alike. The whole table is replaced.
 *
 * @throws IcosError MALFORMED_ERAS when it is not there or is no such table; it decides which
 * program of a commit is run, so nothing in it is overlooked
 */
export async function loadEras(path: string): Promise<readonly Era[]> {
  try {
    return Table.parse(JSON.parse(await readFile(path, 'utf8'))).eras;
  } catch (cause) {
    const detail = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new IcosError('MALFORMED_ERAS', `${quote(path)} is no table of eras: ${detail}`, {
      cause,
    });
  }
}
