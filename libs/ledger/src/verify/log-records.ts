// What the stream `log` says about the history itself: its name and keys, what the law made go, what a restore could not bring back.
import { Malformed, openKeyChange, parseVerifierKey, type EventLine, type VerifierKey } from '../core/index.js';
import type { Findings } from './findings.js';
import { sha256, verifySignature } from './node-crypto.js';
import { objectIn } from './object-in.js';
import { quote, quoteKey, sentence } from './quote.js';
import type { Skipped } from './streams.js';

/** `value-removed`: the sealed values that are to be gone, each by its hash and the number of the record that held it. */
interface ValueRemoved {
  values?: unknown;
}

/** `history-restored`: the records of which only the leaf entry is left, from and to inclusive, by number. */
interface HistoryRestored {
  lost?: unknown;
  /** Which streams lost something, each with the first revision that is. */
  streams?: unknown;
}

/** What one restore says was lost. */
interface Loss {
  ranges: { from: number; to: number }[];
  firstOf: Map<unknown, number>;
}

export class LogRecords {
  /** Sealed values that are not there, and that no removal has named so far: hash to record number. */
  private readonly missing = new Map<string, number>();
  /** Entries without their event, in streams that are exported whole. */
  private readonly withoutEvent: number[] = [];
  private withoutEventCount = 0;
  private readonly losses: Loss[] = [];
  /** Notes of the changes of keys that stand in the record. */
  readonly keyChanges = new Set<string>();
  private readonly ownKeys: VerifierKey[] = [];
  private removedCount = 0;
  private lostCount = 0;
  /** Verifier key that the record names as the one in force; undefined where the bundle does not show it. */
  private keyInForce: string | undefined;

  constructor(
    private readonly origin: string,
    private readonly findings: Findings,
  ) {}

  get removed(): number {
    return this.removedCount;
  }

  get lost(): number {
    return this.lostCount;
  }

  /** Every key that the record names as the log's, now or once in force. */
  get keys(): readonly VerifierKey[] {
    return this.ownKeys;
  }

  /** How many revisions of a stream, of those that are missing between two records, can have been lost, as the log says. */
  lostOf({ stream, due, missing, after, record }: Skipped): number {
    let lost = 0;
    for (const { ranges, firstOf } of this.losses) {
      const first = firstOf.get(stream);
      if (first === undefined) continue;
      const between = ranges.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, record - 1) - Math.max(from, after + 1) + 1), 0);
      lost += Math.min(between, Math.max(0, due + missing - Math.max(first, due)));
    }
    return lost;
  }

  valueMissing(hash: string, record: number): void {
    this.missing.set(hash, record);
  }

  eventMissing(record: number): void {
    this.withoutEventCount += 1;
    if (this.withoutEvent.length < 100_000) this.withoutEvent.push(record);
  }

  /** An event of the stream `log` that is proven. */
  read(event: EventLine): void {
    const record = event.index + 1;
    try {
      const data = objectIn(event.data);
      if (event.type === 'log-opened') this.opened(data, record);
      else if (event.type === 'signing-key-changed') this.keyChanged(data, record);
      else if (event.type === 'value-removed') this.valuesRemoved(data);
      else if (event.type === 'history-restored') this.restored(data, record);
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof SyntaxError)) throw error;
      this.findings.add(
        'manipulation',
        'custody',
        'log-record-malformed',
        `Record ${record} (${quote(event.type)}) ${error instanceof Malformed ? sentence(error.message) : 'is no JSON'}.`,
        { record },
      );
    }
  }

  /** At the end: what nothing explains. */
  judge(signedBy: VerifierKey | undefined, written: (key: VerifierKey) => string): void {
    for (const [hash, record] of this.missing) {
      this.findings.add(
        'gap',
        'integrity',
        'value-missing',
        `Record ${record} lacks a sealed value, and no removal in this bundle names it (${hash}).`,
        { record },
      );
    }
    if (this.withoutEventCount > 0) {
      const [record] = this.withoutEvent;
      this.findings.add(
        'gap',
        'completeness',
        'event-missing',
        `${this.withoutEventCount} records of streams that are exported whole are here without what they said, the first of them record ${record}.`,
        { ...(record !== undefined && { record }) },
      );
    }
    if (this.removedCount > 0)
      this.findings.add(
        'notice',
        'completeness',
        'values-removed',
        `${this.removedCount} sealed values are gone, as removals in the record say.`,
      );
    if (signedBy && this.keyInForce !== undefined && this.keyInForce !== written(signedBy)) {
      this.findings.add(
        'gap',
        'custody',
        'key-not-in-force',
        'The checkpoint is signed by a trusted key, but the record names another one as the key in force.',
      );
    }
  }

  private opened(data: { origin?: unknown; verifierKey?: unknown }, record: number): void {
    if (record !== 1) throw new Malformed('opens the log anew');
    if (data.origin !== this.origin) throw new Malformed('names another origin than the checkpoint');
    if (typeof data.verifierKey !== 'string') return;
    this.keyInForce = data.verifierKey;
    this.ownKeys.push(parseVerifierKey(sha256, data.verifierKey));
  }

  private keyChanged(data: { note?: unknown }, record: number): void {
    if (typeof data.note !== 'string') throw new Malformed('holds no note');
    const change = openKeyChange(sha256, verifySignature, data.note);
    if (change.origin !== this.origin || (this.keyInForce !== undefined && change.from !== this.keyInForce))
      throw new Malformed('replaces a key that was not in force');
    this.keyInForce = change.to;
    this.keyChanges.add(data.note);
    this.ownKeys.push(change.keys.from, change.keys.to);
    this.findings.add(
      'notice',
      'custody',
      'key-changed',
      `Record ${record} replaces the signing key, as both keys signed: from there on ${quoteKey(change.to)} signs.`,
      { record },
    );
  }

  private valuesRemoved({ values }: ValueRemoved): void {
    if (!Array.isArray(values)) throw new Malformed('names no values');
    for (const value of values as unknown[]) {
      const { record, hash } = (value ?? {}) as { record?: unknown; hash?: unknown };
      if (typeof hash === 'string' && this.missing.get(hash) === record && this.missing.delete(hash)) this.removedCount += 1;
    }
  }

  private restored({ lost = [], streams = [] }: HistoryRestored, record: number): void {
    if (!Array.isArray(lost) || !Array.isArray(streams)) throw new Malformed('does not say what was lost');
    const ranges: Loss['ranges'] = [];
    this.losses.push({ ranges, firstOf: firstLostOf(streams) });
    for (const range of lost as unknown[]) {
      const { from, to } = (range ?? {}) as { from?: unknown; to?: unknown };
      if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) throw new Malformed('does not say what was lost');
      ranges.push({ from: from as number, to: to as number });
      const explained = this.withoutEvent.filter((each) => each >= (from as number) && each <= (to as number));
      this.lostCount += explained.length;
      this.withoutEventCount -= explained.length;
      this.withoutEvent.splice(
        0,
        this.withoutEvent.length,
        ...this.withoutEvent.filter((each) => !(each >= (from as number) && each <= (to as number))),
      );
      this.findings.add(
        'notice',
        'completeness',
        'history-restored',
        `Record ${record} says that what records ${String(from)} to ${String(to)} said was lost, and that a restore put their leaf entries back.`,
        { record },
      );
    }
  }
}

function firstLostOf(streams: readonly unknown[]): Loss['firstOf'] {
  const first = new Map<unknown, number>();
  for (const each of streams) {
    const { stream, revision } = (each ?? {}) as { stream?: unknown; revision?: unknown };
    if (typeof revision === 'number') first.set(stream, revision);
  }
  return first;
}
