// A log that comes from a backup against what the signer remembers: all of it, since nobody has compared it before.
import { nodeHashes, type SqliteEventStore } from '#event-store';
import { toBase64, TreeEdge } from '#ledger/core';
import { SignedHistory } from '../ledger/recovery/signed-history.js';
import { BackupRefused } from './backup-refused.js';
import { checkLog, type CheckedLog } from './log-check.js';

export interface Compared {
  checked: CheckedLog;
  /** Records that were signed; undefined where the signer's directory remembers none of this history. */
  signed: number | undefined;
}

/** @throws BackupRefused where the records are not those that were signed, as far as both reach */
export async function checkAgainstSigner(
  store: SqliteEventStore,
  writerKey: Buffer | undefined,
  signerDirectory: string,
  sizes: readonly number[],
): Promise<Compared> {
  const signed = SignedHistory.open(signerDirectory);
  const common = signed ? Math.min(signed.size, store.lastRecord()) : 0;
  const checked = await checkLog(store, writerKey, [...sizes, common]);
  if (!signed || signed.size === 0 || signed.checkpoint.origin !== checked.origin) return { checked, signed: undefined };
  const edge = new TreeEdge(nodeHashes);
  while (edge.size < common) edge.append(signed.leafAt(edge.size));
  const root = common === signed.size ? signed.checkpoint.root : edge.root();
  if (toBase64(edge.root()) !== toBase64(root))
    throw new BackupRefused(`the tiles in ${signerDirectory} do not hash to the root that was signed`);
  if (checked.rootAt.get(common) !== toBase64(root))
    throw new BackupRefused(
      `its first ${common} records are not those that were signed, as ${signerDirectory} remembers: it is the backup of another history, or of one that went on after an older copy was put back`,
    );
  return { checked, signed: signed.size };
}
