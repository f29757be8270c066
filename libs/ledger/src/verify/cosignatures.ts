// Cosignatures that the auditor brought beside the bundle: a witness cosigns a checkpoint, and bundles are written by the log.
import { equalBytes, type NoteSignature } from '../core/index.js';
import type { Findings } from './findings.js';
import { openCheckpoint, type RefusedCheckpoint, type SignedCheckpoint, type Trust } from './trust.js';

/** The signatures under the checkpoint, and those that were brought of the very same text; each key's first. */
export function withCosignatures(signed: SignedCheckpoint, trust: Trust, findings: Findings): readonly NoteSignature[] {
  const { kept, cosigned } = trust.brought;
  const signatures = new Map<string, NoteSignature>();
  const add = ({ verified }: SignedCheckpoint): void => {
    for (const signature of verified) if (!signatures.has(keyOf(signature))) signatures.set(keyOf(signature), signature);
  };
  add(signed);
  for (const note of cosigned) {
    const brought = openCheckpoint(note, trust);
    if (!('refused' in brought) && brought.text === signed.text) add(brought);
    else counts(brought, signed, findings);
  }
  // It may be an earlier one: what it proves is judged elsewhere.
  const before = kept === undefined ? undefined : openCheckpoint(kept, trust);
  if (before !== undefined && !('refused' in before) && before.text === signed.text) add(before);
  return [...signatures.values()];
}

const keyOf = ({ name, id }: NoteSignature): string => `${name} ${id}`;

/** What it means that it is not of the checkpoint that is verified. */
function counts(brought: SignedCheckpoint | RefusedCheckpoint, { checkpoint }: SignedCheckpoint, findings: Findings): void {
  if ('refused' in brought) {
    findings.add(
      'notice',
      'custody',
      'cosigned-unusable',
      `A cosigned checkpoint that was given ${brought.refused}: it counts for nothing.`,
    );
    return;
  }
  const { origin, size, root } = brought.checkpoint;
  if (origin === checkpoint.origin && size === checkpoint.size && !equalBytes(root, checkpoint.root)) {
    findings.add(
      'manipulation',
      'custody',
      'split-view',
      `The log signed two versions of the same ${size} records: the one that was cosigned is not the one of the bundle.`,
    );
    return;
  }
  findings.add(
    'notice',
    'custody',
    'cosigned-another',
    `A cosigned checkpoint that was given covers ${size} records, and that of the bundle ${checkpoint.size}: it counts for nothing here. Have this one cosigned, or get a bundle with the one that was.`,
  );
}
