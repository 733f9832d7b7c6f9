export { isSufficientlyWitnessed } from './witnessing.js';
export type { WitnessedClaim } from './witnessing.js';
