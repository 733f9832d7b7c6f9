/** What this lib uses of the npm package `gpt`, which comes without types. */
declare module 'gpt' {
  interface PartitionEntry {
    readonly type: string;
    readonly guid: string;
    readonly name: string;
    readonly firstLBA: bigint;
    readonly lastLBA: bigint;
    readonly attr: bigint;
  }

  export default class GPT {
    static readonly PartitionEntry: {
      parse(buffer: Buffer, offset: number): PartitionEntry;
    };

    parseHeader(buffer: Buffer, offset?: number): this;

    readonly guid: string;
    readonly revision: number;
    readonly headerSize: number;
    readonly headerChecksum: number;
    readonly currentLBA: bigint;
    readonly backupLBA: bigint;
    readonly firstLBA: bigint;
    readonly lastLBA: bigint;
    readonly tableOffset: bigint;
    readonly entries: number;
    readonly entrySize: number;
    readonly tableChecksum: number;
  }
}
