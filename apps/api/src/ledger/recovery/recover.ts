// A lawful restore: a log that lost its end gets back what was signed. The checkpoint is never touched, and no number is given again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KeysUnusable, LOG_FILE, rawPublicKey, readKeys, SqliteEventStore, type InstallationKeys, type RecordRange } from '#event-store';
import type { LocalizedText } from '#kernel';
import { verifierKey } from '#ledger/core';
import { sha256 } from '#ledger/verify';
import { discardReadModels } from '#read-models';
import { planOf } from './plan.js';
import { putBack } from './put-back.js';
import { rangesOf } from './ranges.js';
import { RecoveryRefused } from './recovery-refused.js';
import { SignedHistory } from './signed-history.js';
import type { RecoverySource } from './sources.js';
import { readStoredPart } from './stored-part.js';

export interface RecoverOptions {
  data: string;
  keys: string;
  signer: string;
  /** Where records may still be; the first that has one gives it. */
  sources: readonly RecoverySource[];
  /** What is nowhere is lost, says whoever may say so. */
  declareLost?: { reason: LocalizedText; authority: LocalizedText };
  nowMs: number;
  /** Records in one transaction. */
  batch?: number;
}

export interface Recovered {
  origin: string;
  /** Records in the log before, and how many were signed. */
  before: number;
  size: number;
  restored: RecordRange[];
  lost: LostRecord[];
  /** Texts that were removed by law and lay in a source: they were not put back. */
  withheld: number;
}

export interface LostRecord {
  record: number;
  type: string;
  stream: string;
  revision: number;
}

const BATCH = 500;

/**
 * Puts back all that was signed, or nothing: what a fault cuts short is gone on with by the next call.
 * @throws RecoveryRefused, StoreNotOpened (a server runs, or the signer's directory is not whole), KeysUnusable, Malformed (a source)
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { data, signer } = options;
  const signed = await SignedHistory.open(signer);
  if (!signed || signed.size === 0) throw new RecoveryRefused(`${signer} remembers no checkpoint: without the signer's directory nothing tells what was signed. PLENARY_SIGNER_DIR names it`);
  const { writer, signing } = readKeys(options.keys);
  if (!writer) throw new KeysUnusable(`writer.key is missing in ${options.keys}: bring the keys of this installation`);
  if (!existsSync(join(data, LOG_FILE)) && options.sources.length === 0) throw new RecoveryRefused(`${data} holds no log: bring a bundle or another data directory with --from`);
  const store = await SqliteEventStore.open({ directory: data, mode: 'writer' });
  try {
    if (!store.canWrite) throw new RecoveryRefused(`${data} cannot be written: ${store.trouble!.message}`);
    return await recoverIn(store, signed, writer, signing, options);
  } finally {
    await store.close();
  }
}

async function recoverIn(store: SqliteEventStore, signed: SignedHistory, writerKey: Buffer, signing: InstallationKeys['signing'], options: RecoverOptions): Promise<Recovered> {
  const { size, checkpoint: { origin } } = signed;
  const part = await readStoredPart(store, signed, writerKey);
  const keys = [...part.keys, ...(signing ? [verifierKey(sha256, origin, rawPublicKey(signing))] : [])];
  await signed.prove(keys);
  const before = part.size;
  if (before >= size) return { origin, before, size, restored: [], lost: [], withheld: 0 };
  const plan = await planOf(part, signed, options);
  // Those that were made before the loss know what is lost, and nothing in the leaves tells them from what is stored now.
  if (options.declareLost) discardReadModels(options.data);
  const { lost, withheld } = await putBack(store, part, plan, signed, { writerKey, nowMs: options.nowMs, batch: options.batch ?? BATCH, ...(options.declareLost && { declareLost: options.declareLost }) });
  return { origin, before, size, restored: rangesOf(plan.found()), lost, withheld };
}
