// Reads and subscriptions of the protocol server, with the bounds that a real one has: inclusive forwards, exclusive where it subscribes.
import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type LoggedRecord, type ProtocolLog } from './protocol-log.js';
import { eventMessage, filterIn, identifierOf, nameIn, protocolError, streamDeleted, type Matches } from './protocol-messages.js';

export type ReadCall = grpc.ServerWritableStream<ReadReq, ReadResp>;

/** How far a live subscriber may lag before the server says so and catches it up again. */
const FELL_BEHIND_RECORDS = 32;

export async function serveRead(call: ReadCall, log: ProtocolLog): Promise<void> {
  const options = call.request.getOptions()!;
  const reading = new Reading(call, log);
  try {
    if (options.hasSubscription()) await (options.hasAll() ? subscribeToAll(reading, options) : subscribeToStream(reading, options));
    else if (options.hasAll()) await readAll(reading, options);
    else await readStream(reading, options);
  } finally {
    reading.close();
  }
  if (!reading.ended) call.end();
}

class Reading {
  ended = false;
  private wake: () => void = () => undefined;
  private drained: () => void = () => undefined;
  private readonly grown = (): void => this.wake();

  constructor(
    private readonly call: ReadCall,
    readonly log: ProtocolLog,
  ) {
    log.listeners.add(this.grown);
    for (const event of ['cancelled', 'error', 'close'] as const) call.on(event, () => this.end());
    call.on('drain', () => this.drained());
  }

  async send(message: ReadResp): Promise<void> {
    if (this.ended || this.call.write(message)) return;
    await new Promise<void>((resolve) => (this.drained = resolve));
  }

  event(record: LoggedRecord): Promise<void> {
    return this.send(eventMessage(record));
  }

  /** Resolves when the log has changed, or the reader is gone. */
  async change(): Promise<void> {
    if (!this.ended) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  close(): void {
    this.log.listeners.delete(this.grown);
  }

  private end(): void {
    this.ended = true;
    this.wake();
    this.drained();
  }
}

async function readAll(reading: Reading, options: ReadReq.Options): Promise<void> {
  const { log } = reading;
  const matches = filterIn(options);
  const backwards = isBackwards(options);
  let left = BigInt(options.getCount());
  let index = startInAll(log, options);
  const end = log.records.length;
  if (backwards) index -= 1;
  for (; index >= 0 && index < end && left > 0n && !reading.ended; index += backwards ? -1 : 1) {
    const record = log.records[index];
    if (!record || !matches(record)) continue;
    await reading.event(record);
    left -= 1n;
  }
}

const isBackwards = (options: ReadReq.Options): boolean => Number(options.getReadDirection()) === 1;

function startInAll(log: ProtocolLog, options: ReadReq.Options): number {
  const all = options.getAll()!;
  if (all.hasStart()) return 0;
  if (all.hasEnd()) return log.records.length;
  const position = BigInt(all.getPosition()!.getCommitPosition());
  if (position > log.end) throw protocolError(grpc.status.INVALID_ARGUMENT, 'Trying to read from an invalid position.');
  return log.indexAt(position);
}

async function readStream(reading: Reading, options: ReadReq.Options): Promise<void> {
  const { log } = reading;
  const asked = options.getStream()!;
  const stream = nameIn(asked.getStreamIdentifier());
  if (log.isTombstoned(stream)) throw streamDeleted(stream);
  const records = log.of(stream);
  if (records.length === 0 || log.isSoftDeleted(stream)) {
    const notFound = new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream));
    return reading.send(new streams.ReadResp().setStreamNotFound(notFound));
  }
  const backwards = isBackwards(options);
  const readable = records.filter(({ revision }) => revision >= log.firstReadable(stream));
  const from = asked.hasStart() ? 0n : asked.hasEnd() ? records.at(-1)!.revision : BigInt(asked.getRevision());
  const chosen = backwards
    ? readable.filter(({ revision }) => revision <= from).reverse()
    : readable.filter(({ revision }) => revision >= from);
  const count = BigInt(options.getCount());
  for (const record of count < BigInt(chosen.length) ? chosen.slice(0, Number(count)) : chosen) {
    if (reading.ended) return;
    await reading.event(record);
  }
}

async function subscribeToAll(reading: Reading, options: ReadReq.Options): Promise<void> {
  const { log } = reading;
  const all = options.getAll()!;
  let next = startInAll(log, options);
  // Exclusive: a subscription begins after the position.
  if (all.hasPosition() && log.records[next]?.position === BigInt(all.getPosition()!.getCommitPosition())) next += 1;
  await confirm(reading);
  await deliver(reading, filterIn(options), () => log.records, next);
}

async function subscribeToStream(reading: Reading, options: ReadReq.Options): Promise<void> {
  const asked = options.getStream()!;
  const stream = nameIn(asked.getStreamIdentifier());
  const next = asked.hasStart() ? 0 : asked.hasEnd() ? reading.log.of(stream).length : Number(asked.getRevision()) + 1;
  await confirm(reading);
  await deliver(
    reading,
    () => true,
    () => reading.log.of(stream),
    next,
  );
}

const confirm = (reading: Reading): Promise<void> =>
  reading.send(new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())));

async function deliver(reading: Reading, matches: Matches, records: () => readonly LoggedRecord[], from: number): Promise<void> {
  let next = from;
  let live = false;
  while (!reading.ended) {
    const all = records();
    // What was withdrawn is written over: the server goes on from its end, and does not tell.
    next = Math.min(next, all.length);
    if (live && all.length - next > FELL_BEHIND_RECORDS) {
      live = false;
      await reading.send(new streams.ReadResp().setFellBehind(new streams.ReadResp.FellBehind()));
    }
    if (next < all.length) {
      const record = all[next]!;
      next += 1;
      if (matches(record)) await reading.event(record);
    } else if (!live) {
      live = true;
      await reading.send(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
    } else await reading.change();
  }
}
