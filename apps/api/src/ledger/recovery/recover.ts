// A lawful restore: a log that lost its end gets back what was signed. The checkpoint is never touched, and no number is given again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KeysUnusable, LOG_FILE, rawPublicKey, readKeys, SqliteEventStore, StoreNotOpened, type RecordRange } from '#event-store';
import { faultOfTexts } from '#kernel';
import { verifierKey } from '#ledger/core';
import { sha256 } from '#ledger/verify';
import { discardReadModels } from '#read-models';
import { carryOutRemovals, type CarriedOut } from './carry-out-removals.js';
import { assertWhole, planOf, type Plan } from './plan.js';
import { putBack, type Statement } from './put-back.js';
import { rangesOf } from './ranges.js';
import { RecoveryRefused } from './recovery-refused.js';
import { SignedHistory } from './signed-history.js';
import type { RecoverySource } from './sources.js';
import { nothingStored, readStoredPart, type StoredPart } from './stored-part.js';

export interface RecoverOptions {
  data: string;
  keys: string;
  signer: string;
  /** Where records may still be; the first that has one with all its texts gives it. */
  sources: readonly RecoverySource[];
  /** What is nowhere is lost, says whoever may say so. */
  declareLost?: Statement;
  nowMs: number;
  /** Records in one transaction. */
  batch?: number;
}

export interface Recovered extends CarriedOut {
  origin: string;
  /** Records in the log before, and how many were signed. */
  before: number;
  size: number;
  restored: RecordRange[];
  lost: LostRecord[];
  /** The record that says what was lost; undefined where nothing was. */
  statedBy: number | undefined;
  /** Placeholders that stood there before, and that a record explains. */
  explained: RecordRange[];
  /** Records that stood without a text, or with one that was altered, and got back what a source had of it. */
  completed: RecordRange[];
  /** Records beside which stood what they do not refer to: it is gone. */
  strays: RecordRange[];
  /** Records of which texts are nowhere, though no removal by law names them: those that were put back, and those that stood. */
  textless: RecordRange[];
  /** Those of them that stand with a text that was altered. */
  altered: RecordRange[];
  /** Texts that were removed by law and lay in a source: they were not put back. */
  withheld: number;
  /** What was of no use in the sources, each as a sentence. */
  unusable: string[];
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
 * @throws RecoveryRefused, StoreNotOpened (a server runs, or the signer's directory is not whole), KeysUnusable
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { data, signer, declareLost } = options;
  const fault = declareLost && (faultOfTexts(declareLost.reason, 'the reason') ?? faultOfTexts(declareLost.authority, 'the authority'));
  if (fault) throw new RecoveryRefused(`${fault}. Nothing was changed`);
  const signed = SignedHistory.open(signer);
  if (!signed || signed.size === 0)
    throw new RecoveryRefused(
      `${signer} remembers no checkpoint: without the signer's directory nothing tells what was signed. PLENARY_SIGNER_DIR names it`,
    );
  const { writer } = readKeys(options.keys);
  if (!writer) throw new KeysUnusable(`writer.key is missing in ${options.keys}: bring the keys of this installation`);
  if (!existsSync(join(data, LOG_FILE))) {
    if (options.sources.length === 0)
      throw new RecoveryRefused(`${data} holds no log: bring a bundle or another data directory with --from`);
    // Before a file is made there: what is refused leaves none.
    await prove(nothingStored(), signed, writer, options);
  }
  const store = await SqliteEventStore.open({ directory: data, mode: 'writer' });
  try {
    if (!store.canWrite) throw new RecoveryRefused(`${data} cannot be written: ${store.trouble!.message}`);
    return await recoverIn(store, signed, writer, options);
  } finally {
    await store.close();
  }
}

async function recoverIn(store: SqliteEventStore, signed: SignedHistory, writerKey: Buffer, options: RecoverOptions): Promise<Recovered> {
  const { declareLost, nowMs, batch = BATCH } = options;
  const part = await readStoredPart(store, signed, writerKey);
  const explained = rangesOf(part.placeholders.filter((record) => !part.unnamed.has(record)));
  const plan = await prove(part, signed, writerKey, options);
  const restored = rangesOf(plan.found());
  const completed = rangesOf(plan.texts.recordsWith('found').filter((record) => part.textless.has(record - 1)));
  // Those that were made before know what is lost now, or not what is found again, and nothing in the leaves tells that.
  if (part.unnamed.size > 0 || completed.length > 0 || !plan.missing().next().done) discardReadModels(options.data);
  const { lost, statedBy, withheld } = await putBack(store, part, plan, signed, {
    writerKey,
    nowMs,
    batch,
    ...(declareLost && { declareLost }),
  });
  if (part.strays.length > 0) await store.destruction.remove(part.strays);
  const textless = plan.texts.recordsWith('nowhere');
  const carriedOut = await carryOutRemovals(store, part.removed, options.data);
  return {
    origin: signed.checkpoint.origin,
    before: part.size,
    size: signed.size,
    restored,
    lost,
    statedBy,
    explained,
    completed,
    strays: rangesOf([...new Set(part.strays.map(({ record }) => record))]),
    textless: rangesOf(textless),
    altered: rangesOf(textless.filter((record) => part.altered.has(record))),
    withheld,
    ...carriedOut,
    unusable: plan.unusable,
  };
}

/** Looks through the sources first: they may hold the record of the key that signed. Writes nothing. */
async function prove(
  part: StoredPart,
  signed: SignedHistory,
  writerKey: Buffer,
  { keys, sources, declareLost }: RecoverOptions,
): Promise<Plan> {
  const plan = await planOf(part, signed, sources, writerKey);
  const { signing } = readKeys(keys);
  try {
    signed.prove([...part.keys, ...(signing ? [verifierKey(sha256, signed.checkpoint.origin, rawPublicKey(signing))] : [])]);
  } catch (error) {
    // Where the sources said nothing, neither did they name the key.
    if (error instanceof StoreNotOpened && plan.unusable.length > 0) throw new RecoveryRefused(error.message, plan.unusable);
    throw error;
  }
  assertWhole(plan, part, signed, declareLost !== undefined);
  return plan;
}
