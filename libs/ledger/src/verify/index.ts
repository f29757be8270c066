export { verifyBundle, type VerifyOptions } from './verify-bundle.js';
export { verdictJson, verdictProse } from './prose.js';
export { quote } from './quote.js';
export { linesOf } from './lines.js';
export { COVERED_WITHIN_SECONDS } from './coverage.js';
export { sha256, verifySignature } from './node-crypto.js';
export { couldNotRun, type Counted, type ExitStatus, type Judgement, type Verdict } from './verdict.js';
export type { Answer, Finding, Grade } from './findings.js';
export type { TrustOptions } from './trust.js';
