export {
  bundleChunks,
  completeBundleLines,
  selectionBundleLines,
  type CompleteBundle,
  type Fact,
  type SelectionBundle,
} from './bundle-writer.js';
export { changeKey, LogKey } from './log-key.js';
export { LEDGER_KEY, publish, publishedCheckpoints, publishedNotes, readPublished, type Bookkeeping } from './published.js';
export { rebuildDirectory } from './rebuild-directory.js';
export type { Signed } from './last-signed.js';
export { Signer, type LogSource, type SignableEntry, type SignerParts } from './signer.js';
export { SignerDirectory } from './signer-directory.js';
export { SignerRefused, type RefusalReason } from './signer-refused.js';
export { Witness, WitnessRefused, type WitnessParts } from './witness.js';
