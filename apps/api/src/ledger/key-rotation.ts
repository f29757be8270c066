// Replaces the signing key of a running node: the new key first, then the record of it, then the exchange. A crash in between is settled by
// the next start, or the next change, by what the record says.
import type { KeyObject } from 'node:crypto';
import { nextSigningKey, rotationRefusals, settleSigningKey, type ChangeSigningKey, type Installation } from '#event-store';
import type { Refusal } from '#kernel';
import { changeKey, LogKey } from '#ledger/writer';
import { signingAs, type SignerThread } from './signer-thread.js';

export interface KeyRotationParts {
  /** Its keys are exchanged. */
  installation: Installation;
  keysDirectory: string;
  signer: Pick<SignerThread, 'pause' | 'resume' | 'signAs'> | undefined;
  /** The verifier key that the record names last, from what is durable. */
  keyInForce: () => Promise<string>;
}

export class KeyRotation {
  private rotating: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: KeyRotationParts) {}

  /**
   * @param record records the change that it is given, or rejects
   * @returns what `record` answered, or why nothing can be recorded here
   */
  rotate<Recorded>(record: (change: Omit<ChangeSigningKey, 'reason'>) => Promise<Recorded>): Promise<Recorded | Refusal> {
    const rotated = this.rotating.then(() => this.rotateAlone(record));
    this.rotating = rotated.catch(() => undefined);
    return rotated;
  }

  private async rotateAlone<Recorded>(
    record: (change: Omit<ChangeSigningKey, 'reason'>) => Promise<Recorded>,
  ): Promise<Recorded | Refusal> {
    const {
      installation: { keys, origin },
      keysDirectory,
      signer,
    } = this.parts;
    if (!keys.signing || !signer) return rotationRefusals['signs-elsewhere']('Ask the node whose PLENARY_KEYS holds signing.key.');
    const next = await nextSigningKey(keysDirectory);
    await signer.pause();
    try {
      return await record(changeKey(new LogKey(origin, keys.signing), new LogKey(origin, next)));
    } finally {
      // Also where it failed: it may be stored all the same.
      await this.exchange(next).finally(() => signer.resume());
    }
  }

  /** Goes over to the next key where the record names it. Else that stays for another try, or for the next start to discard. */
  private async exchange(next: KeyObject): Promise<void> {
    const { installation, keysDirectory, signer, keyInForce } = this.parts;
    const named = await keyInForce();
    if (new LogKey(installation.origin, next).verifierKey !== named) return;
    await settleSigningKey(keysDirectory, (key) => new LogKey(installation.origin, key).verifierKey === named);
    installation.formerKeys = [...installation.formerKeys, installation.verifierKey];
    installation.verifierKey = named;
    installation.keys.signing = next;
    signer!.signAs(signingAs(next, installation.formerKeys).signing);
  }
}
