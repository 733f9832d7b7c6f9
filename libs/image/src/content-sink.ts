/** Takes the content of one file in order, as whoever reads a container comes upon it. */
export interface ContentSink {
  /** The next bytes; they are the giver's again when this returns. */
  data(bytes: Buffer): void;
  /** So many zeros that the container does not store. */
  hole(lengthBytes: number): void;
}
