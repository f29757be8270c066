// Why the signer signs no more. Commands stop then, reads go on, and an operator recovers the history.

export type RefusalReason =
  /** The history in the store is not the one that was signed. */
  | 'diverged'
  /** An event is not what a node of this installation wrote. */
  | 'forged'
  /** Checkpoints were published, and the directory that belongs to them is not there. */
  | 'directory-missing'
  /** What lies in the directory does not hold together. */
  | 'directory-damaged'
  /** Another signer uses the directory. */
  | 'not-alone';

export class SignerRefused extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    /** The first record at which the store and what was signed differ. */
    readonly record?: number,
  ) {
    super(message);
  }
}
