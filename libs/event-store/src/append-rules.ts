// What an append is worth, before anything is written: the port's rules, on two look-ups that every adapter here can answer.
import { AppendRefused, ChecksFailed, EventIdTaken, WrongExpectedRevision } from './errors.js';
import { MAX_APPEND_BYTES, type Append } from './port.js';
import { findUnstorable, type SealedEvent, type SealedValue, type StreamName } from '#kernel';

/** What is durable, or written before in the same transaction. */
export interface Written<StreamKey> {
  /** The stream, or undefined where it has no events. */
  stream(name: StreamName): { key: StreamKey; revision: number } | undefined;
  /** Where an event lies, or undefined where its id is not stored. */
  event(id: string): { key: StreamKey; revision: number } | undefined;
}

/** Plain data, so that it can cross a thread. */
export type Verdict<StreamKey> =
  | { kind: 'new'; key: StreamKey | undefined; first: number }
  | { kind: 'repeated'; first: number }
  | { kind: 'wrong-revision'; actual: number | 'none' }
  | { kind: 'check-failed'; check: number; actual: number | null }
  | { kind: 'id-taken'; id: string };

export function judgeAppend<StreamKey>(append: Append, written: Written<StreamKey>): Verdict<StreamKey> {
  const stream = written.stream(append.stream);
  const actual = stream ? stream.revision : 'none';
  const first = append.expected === 'none' ? 0 : append.expected + 1;
  // One look-up an event: a repeat finds all of them where this append would put them, one that overlaps in part only some.
  let stored = 0;
  for (let index = 0; index < append.events.length; index++) {
    const id = append.events[index]!.id;
    const place = written.event(id);
    if (!place) continue;
    if (place.key !== stream?.key || place.revision !== first + index) return { kind: 'id-taken', id };
    stored += 1;
  }
  if (stored === append.events.length) return { kind: 'repeated', first };
  if (actual !== append.expected) return { kind: 'wrong-revision', actual };
  const failed = failedCheck(append, written);
  return failed ?? { kind: 'new', key: stream?.key, first };
}

function failedCheck<StreamKey>(append: Append, written: Written<StreamKey>): Verdict<StreamKey> | undefined {
  const checks = append.checks ?? [];
  for (let index = 0; index < checks.length; index++) {
    const actual = written.stream(checks[index]!.stream)?.revision ?? null;
    if (actual !== checks[index]!.revision) return { kind: 'check-failed', check: index, actual };
  }
  return undefined;
}

/** The error that tells why nothing was stored. */
export function refusalOf(append: Append, verdict: Exclude<Verdict<unknown>, { kind: 'new' | 'repeated' }>): Error {
  switch (verdict.kind) {
    case 'wrong-revision':
      return new WrongExpectedRevision(append.stream, append.expected, verdict.actual);
    case 'check-failed':
      return new ChecksFailed(append.checks![verdict.check]!, verdict.actual);
    case 'id-taken':
      return new EventIdTaken(verdict.id);
  }
}

/** @throws AppendRefused for an append that is wrong whatever is stored */
export function assertAppendable({ stream, events }: Append): void {
  if (events.length === 0) throw new AppendRefused(`an append to ${stream} must hold at least one event`);
  assertText(stream, 'the name of the stream');
  let bytes = 0;
  const ids = new Set<string>();
  for (const event of events) {
    if (ids.has(event.id)) throw new AppendRefused(`the append holds event ${event.id} twice`);
    ids.add(event.id);
    bytes += checkedBytes(event);
  }
  if (bytes > MAX_APPEND_BYTES) throw new AppendRefused(`the append is ${bytes} bytes large; at most ${MAX_APPEND_BYTES} are allowed`);
}

function checkedBytes(event: SealedEvent): number {
  assertText(event.type, 'the type');
  assertText(event.data, 'the data');
  assertText(event.meta, 'the metadata');
  let bytes = Buffer.byteLength(event.data) + Buffer.byteLength(event.meta);
  const hashes = new Set<string>();
  for (const { hash, value } of event.sealed) {
    assertText(value, 'a sealed value');
    if (hashes.has(hash)) throw new AppendRefused(`event ${event.id} holds the sealed value ${hash} twice`);
    hashes.add(hash);
    bytes += Buffer.byteLength(value);
  }
  return bytes;
}

function assertText(text: string, what: string): void {
  const found = findUnstorable(text);
  if (found) throw new AppendRefused(`${what} ${found.reason}`);
}

/** Sealed values are stored and answered in the order of their hashes, on every adapter. */
export const inHashOrder = (values: readonly SealedValue[]): readonly SealedValue[] =>
  values.length < 2 ? values : [...values].sort((a, b) => (a.hash < b.hash ? -1 : 1));
