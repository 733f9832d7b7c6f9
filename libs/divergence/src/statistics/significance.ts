/** Corrected p at or below which a fact explains a split without any trace in the bytes. */
export const SIGNIFICANCE = 0.01;
