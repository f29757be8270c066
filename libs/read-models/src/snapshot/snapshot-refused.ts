/**
 * Why a snapshot is not made, or not taken in; nothing was changed.
 * - `damaged`: it cannot be read to its end, or is no snapshot
 * - `other-version`: its tables are not those of this release
 * - `other-origin`, `other-store`, `other-log`: of another history, another database, or another course of this history
 * - `newer-than-log`: the log ends before it
 * - `not-signed`: no checkpoint in it is signed by a key of this history
 * - `altered`: what it holds does not hash to what was signed
 * - `not-ready`: there is nothing yet to make one of
 */
export type SnapshotFault =
  'damaged' | 'other-version' | 'other-origin' | 'other-store' | 'other-log' | 'newer-than-log' | 'not-signed' | 'altered' | 'not-ready';

export class SnapshotRefused extends Error {
  constructor(
    readonly fault: SnapshotFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
