import { z } from 'zod';
import { Envelope, Release, RoundOpen } from '#libs/attestation';
import { CheckReport, EnvironmentFile, PolicyFile, Report, RosterFile } from '#libs/contracts';
import { asFields, portable } from './portable.js';
import { ArtifactOutput } from '../../services/cli/src/explain/artifact/artifact-output.js';
import { ExplainOutput } from '../../services/cli/src/explain/explain-output.js';
import { TallyOutput } from '../../services/cli/src/tally/tally-output.js';
import { VerifyOutput } from '../../services/cli/src/verify/verify-output.js';

const BASE = 'https://repro-quorum.dev/ns/schemas';

interface Published {
  readonly schema: z.ZodType;
  readonly title: string;
  /** What is read may leave defaults out; what is written has them. */
  readonly io: 'input' | 'output';
}

const PUBLISHED: Readonly<Record<string, Published>> = {
  release: { schema: Release, title: 'What is to be rebuilt', io: 'input' },
  roster: { schema: RosterFile, title: 'Whose attestations count', io: 'input' },
  round: {
    schema: RoundOpen,
    title: 'What a round asks: the predicate of a RoundOpen',
    io: 'input',
  },
  policy: { schema: PolicyFile, title: 'Whom an auditor trusts, and what it asks', io: 'input' },
  environment: {
    schema: EnvironmentFile,
    title: 'A machine, as its owner declares it',
    io: 'input',
  },
  envelope: { schema: Envelope, title: 'A DSSE envelope with one signature', io: 'input' },
  report: { schema: Report, title: 'The report of a round', io: 'output' },
  check: { schema: CheckReport, title: 'What `check --json` prints', io: 'output' },
  tally: { schema: TallyOutput, title: 'What `tally --json` prints', io: 'output' },
  explain: {
    schema: ExplainOutput,
    title: 'What `explain ATTESTATION... --json` prints',
    io: 'output',
  },
  'explain-artifact': {
    schema: ArtifactOutput,
    title: 'What `explain --artifact A B --json` prints',
    io: 'output',
  },
  verify: { schema: VerifyOutput, title: 'What `verify --json` prints', io: 'output' },
};

/** The JSON Schemas of the file formats, by file name. */
export function publishedSchemas(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(PUBLISHED).map(([name, { schema, title, io }]) => {
      const file = `${name}.schema.json`;
      const { $schema, ...body } = z.toJSONSchema(schema, { io, override: openUp });
      return [file, { $schema, $id: `${BASE}/${file}`, title, ...asFields(portable(body)) }];
    }),
  );
}

/** Only objects that refuse unknown fields say so: readers of the others have to ignore them. */
function openUp({ zodSchema, jsonSchema }: Parameters<Override>[0]): void {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
}

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;
