export { FACTS, MAX_COUNT, MAX_DEMANDS } from './ask.js';
export type { Ask, Each, Fact, Where } from './ask.js';
export { askText } from './ask-text.js';
export type { CalibrationState, Candidate, CandidateFacts, Hours } from './candidate.js';
export { choose } from './choose.js';
export type { Choice, Circumstances, Reasoned, Unmet } from './choose.js';
export { SelectionError } from './error.js';
export type { SelectionErrorCode } from './error.js';
export { parseAsk } from './parse-ask.js';
