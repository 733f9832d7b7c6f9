/** Takes the content of one file in order, as whoever reads a container comes upon it. */
export interface ContentSink {
  /** The next bytes; they are the giver's again when this returns. */
  data(bytes: Buffer): void;
  /** So many zeros that the container does not store. */
  hole(lengthBytes: number): void;
}

/** One that need not keep all it is told. */
export interface ForgetfulSink extends ContentSink {
  /** The next bytes, which nobody is going to need. */
  forget(bytes: Buffer): void;
}
