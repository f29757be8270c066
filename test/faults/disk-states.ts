// What a disk may hold when power fails: what was synced for sure, and of the rest whatever the disk liked.
import type { DiskOperation } from './disk-trace.js';

const SECTOR_BYTES = 512;

export type Random = () => number;

/** mulberry32: the same states for the same seed. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Change = Extract<DiskOperation, { kind: 'write' | 'truncate' }>;

/** A file as the disk has it for sure, with the changes that may or may not have reached it. */
class FileOnDisk {
  private unsynced: Change[] = [];

  constructor(private synced: Buffer) {}

  change(change: Change): void {
    this.unsynced.push(change);
  }

  sync(): void {
    for (const change of this.unsynced) this.synced = applied(this.synced, change);
    this.unsynced = [];
  }

  /** Each change is there, or not, or torn: some of its sectors are there. */
  afterPowerLoss(random: Random): Buffer {
    let bytes: Buffer = Buffer.from(this.synced);
    // Disks differ: one lost everything, one nothing, most something.
    const kept = random();
    for (const change of this.unsynced) {
      const luck = random();
      if (luck < kept) bytes = applied(bytes, change);
      else if (change.kind === 'write' && luck < kept + (1 - kept) / 2) bytes = torn(bytes, change, random);
    }
    return bytes;
  }
}

function applied(bytes: Buffer, change: Change): Buffer {
  if (change.kind === 'truncate') return resized(bytes, change.size);
  const end = change.offset + change.bytes.length;
  const grown = bytes.length < end ? resized(bytes, end) : bytes;
  change.bytes.copy(grown, change.offset);
  return grown;
}

function torn(bytes: Buffer, write: Extract<Change, { kind: 'write' }>, random: Random): Buffer {
  let result = bytes;
  // Sectors of the disk, not of the write: a page header that is written alone shares its sector with others.
  for (let at = 0; at < write.bytes.length;) {
    const end = Math.min(write.bytes.length, at + SECTOR_BYTES - ((write.offset + at) % SECTOR_BYTES));
    if (random() < 0.5) result = applied(result, { ...write, offset: write.offset + at, bytes: write.bytes.subarray(at, end) });
    at = end;
  }
  return result;
}

function resized(bytes: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size);
  bytes.copy(result, 0, 0, size);
  return result;
}

export interface DiskState {
  files: Map<string, Buffer>;
  acknowledged: string[];
}

/** `count` states, each at a random moment between the first and the last operation, in the order of these moments. */
export function* statesAfterPowerLoss(
  before: ReadonlyMap<string, Buffer>,
  operations: readonly DiskOperation[],
  count: number,
  random: Random,
): Generator<DiskState> {
  const files = new Map([...before].map(([name, bytes]) => [name, new FileOnDisk(Buffer.from(bytes))]));
  const acknowledged: string[] = [];
  const moments = Array.from({ length: count }, () => Math.floor(random() * (operations.length + 1))).sort((a, b) => a - b);
  let done = 0;
  for (const moment of moments) {
    for (; done < moment; done++) perform(operations[done]!, files, acknowledged);
    yield { files: new Map([...files].map(([name, file]) => [name, file.afterPowerLoss(random)])), acknowledged: [...acknowledged] };
  }
}

function perform(operation: DiskOperation, files: Map<string, FileOnDisk>, acknowledged: string[]): void {
  if (operation.kind === 'acknowledge') {
    acknowledged.push(...operation.ids);
    return;
  }
  const file = files.get(operation.file) ?? new FileOnDisk(Buffer.alloc(0));
  files.set(operation.file, file);
  if (operation.kind === 'sync') file.sync();
  else file.change(operation);
}
