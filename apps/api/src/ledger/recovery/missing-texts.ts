// Texts that a record refers to and does not hold as they were sealed, where no removal by law names them: which of them lie in which source.
import { isAsSealed, type RemovedValue } from '#event-store';
import { sealedReferences } from '#ledger/core';
import type { StoredEvent } from '#kernel';

type WithTexts = Pick<StoredEvent, 'data' | 'meta' | 'sealed'>;

/** Hashes of texts that are not there, or not those that were sealed. */
export function missingTexts({ data, meta, sealed }: WithTexts): readonly string[] {
  const missing = new Set([...(sealedReferences(data) ?? []), ...(sealedReferences(meta) ?? [])]);
  for (const text of sealed) if (isAsSealed(text)) missing.delete(text.hash);
  return [...missing];
}

/** Hashes under which something stands beside a record that refers to nothing of the kind: no node put it there. */
export function strayTexts({ data, meta, sealed }: WithTexts): readonly string[] {
  const [inData, inMeta] = [sealedReferences(data), sealedReferences(meta)];
  if (!inData || !inMeta) return [];
  return sealed.map(({ hash }) => hash).filter((hash) => !inData.includes(hash) && !inMeta.includes(hash));
}

export class MissingTexts {
  /** By leaf index; of each text the number of the source that has it. */
  private readonly records = new Map<number, Map<string, number | undefined>>();

  has(index: number): boolean {
    return this.records.has(index);
  }

  /** The record is to be put back, or stands, without these. */
  lacks(index: number, hashes: readonly string[]): void {
    this.records.set(index, new Map(hashes.map((hash) => [hash, undefined])));
  }

  isWhole(index: number): void {
    this.records.delete(index);
  }

  /** A source has the record without these: what else it has is taken from there, where none before it had it. */
  offer(index: number, source: number, missing: readonly string[]): void {
    const texts = this.records.get(index);
    for (const [hash, known] of texts ?? []) if (known === undefined && !missing.includes(hash)) texts!.set(hash, source);
  }

  /** What the law made go is not missing. */
  forget(removed: readonly RemovedValue[]): void {
    for (const { record, hash } of removed) {
      const texts = this.records.get(record - 1);
      texts?.delete(hash);
      if (texts?.size === 0) this.records.delete(record - 1);
    }
  }

  /** Nothing of it is taken from anywhere. */
  leave(index: number): void {
    const texts = this.records.get(index);
    for (const hash of texts?.keys() ?? []) texts!.set(hash, undefined);
  }

  /** By source, the hashes of what is taken from there. */
  takenFrom(index: number): Map<number, Set<string>> {
    const taken = new Map<number, Set<string>>();
    for (const [hash, source] of this.records.get(index) ?? []) {
      if (source !== undefined) taken.set(source, (taken.get(source) ?? new Set()).add(hash));
    }
    return taken;
  }

  /** Record numbers, growing: those of which a text is nowhere, or one that is somewhere. */
  recordsWith(which: 'nowhere' | 'found'): number[] {
    return [...this.records]
      .filter(([, texts]) => [...texts.values()].some((source) => (source === undefined) === (which === 'nowhere')))
      .map(([index]) => index + 1)
      .sort((a, b) => a - b);
  }
}
