// What the signer's thread and the main thread tell each other.
import type { StoreLocation } from '../node-store.js';

export interface SignerWorkerData {
  location: StoreLocation;
  signerDirectory: string;
  origin: string;
  /** Hex. */
  writerKey: string;
  signing: Signing;
}

export interface Signing {
  /** PEM. */
  key: string;
  /** Verifier keys that were replaced by it, one after another. */
  formerKeys: readonly string[];
}

export type ToSigner =
  | { kind: 'tick'; tick: number }
  | { kind: 'sign-as'; signing: Signing }
  | { kind: 'written'; call: number; error?: string }
  | { kind: 'stop' };

export type FromSigner =
  | { kind: 'write'; call: number; key: string; value: string }
  /** Whether or not something was due: what the last checkpoint covers, and when it was signed. */
  | { kind: 'ticked'; tick: number; size?: number; timeSeconds?: number }
  /** Nothing is signed any more. */
  | { kind: 'refused'; tick: number; reason: string; message: string }
  /** Tried again at the next tick, also where it is the log that is damaged. */
  | { kind: 'failed'; tick: number; message: string; isDamage: boolean };
