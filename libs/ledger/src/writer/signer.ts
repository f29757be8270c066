// Signs checkpoints. Configured, never elected: one process alone has the key, and the directory in which it remembers what it signed.
import { equalBytes, formatCheckpoint, formatNote, ledgerHashes, TILE_WIDTH, TreeEdge } from '../core/index.js';
import { sha256 } from '../verify/node-crypto.js';
import { assertNotBehind, readSigned, type Signed } from './last-signed.js';
import type { LogKey } from './log-key.js';
import { LEDGER_KEY, publish, type Bookkeeping } from './published.js';
import { edgeAt, rowsAt } from './rows-at.js';
import { CheckpointSwapped, SignerDirectory } from './signer-directory.js';
import { SignerRefused } from './signer-refused.js';
import type { TileRows } from './tile-rows.js';

const hashes = ledgerHashes(sha256);
const RESIGN_AFTER_SECONDS = 86_400;
/** One checkpoint covers at most so many new records: the first of them waits for all. */
const MAX_GROWTH = 100_000;

export interface SignableEntry {
  /** The leaf entry, recomputed from what the store holds. */
  entry: string;
  /** Why no node of this installation wrote the event, where none did. */
  forged?: 'leaf' | 'seal' | 'text';
}

/** The log, as the signer reads it. */
export interface LogSource {
  /** How many records are stored. */
  size(): Promise<number>;
  /** Those after the first `size`, in order, in batches, as they stand in the store now. */
  entriesAfter(size: number): AsyncIterable<readonly SignableEntry[]>;
}

export interface SignerParts {
  source: LogSource;
  /** Its name is the origin. */
  key: LogKey;
  /** Verifier keys of the origin that were replaced: what they signed stays signed. */
  formerKeys?: readonly string[];
  directory: string;
  bookkeeping: Bookkeeping;
  /** Wall time: when it was signed. */
  now: () => number;
  /** Milliseconds of a clock that never jumps, by which records settle; `now` where absent. */
  elapsed?: () => number;
  /** A record is signed when it was read back unchanged so much later; 0 where the store withdraws nothing. */
  settleMs: number;
}

interface Candidate {
  size: number;
  root: Uint8Array;
  seenAtMs: number;
}

export class Signer {
  private candidate: Candidate | undefined;
  private refused: SignerRefused | undefined;
  private ticking: Promise<Signed | undefined> | undefined;
  /** What was to be written last: after a failure it may stand in the directory, or not. */
  private attempted: Signed | undefined;
  private hasFailed = false;

  private constructor(
    private readonly parts: SignerParts,
    public directory: SignerDirectory,
    private rows: TileRows,
    private signed: Signed | undefined,
    /** The newest that everybody can read. */
    private published: Signed | undefined,
  ) {}

  /** Takes up where the directory ends, after it has compared the whole store with it. @throws SignerRefused */
  static async open(parts: SignerParts): Promise<Signer> {
    const published = await parts.bookkeeping.read(LEDGER_KEY);
    const found = await SignerDirectory.open(parts.directory);
    const note = found?.checkpoint();
    if (published !== undefined && note === undefined) {
      throw new SignerRefused(
        'directory-missing',
        `checkpoints were published, and ${parts.directory} holds none: bring back the signer's directory`,
      );
    }
    const directory = found ?? (await SignerDirectory.make(parts.directory));
    const signed = note === undefined ? undefined : readSigned(note, parts);
    const before = published === undefined ? undefined : readSigned(published, parts);
    if (before) assertNotBehind(signed!, before);
    const signer = new Signer(parts, directory, await rowsAt(directory, signed), signed, before);
    await signer.check();
    await signer.publishSigned();
    return signer;
  }

  /** The last checkpoint that was signed; undefined before the first. */
  get last(): Signed | undefined {
    return this.signed;
  }

  /** Why nothing is signed any more. */
  get refusal(): SignerRefused | undefined {
    return this.refused;
  }

  /**
   * Signs what has settled, or anew what was signed a day ago. To be called every few seconds, also after it failed: it goes on from what
   * it has compared. A call while one is under way waits for it.
   * @returns what was signed, or undefined where nothing was due. @throws SignerRefused, now and at every later call
   */
  tick(): Promise<Signed | undefined> {
    this.ticking ??= this.run().finally(() => (this.ticking = undefined));
    return this.ticking;
  }

  private async run(): Promise<Signed | undefined> {
    if (this.refused) throw this.refused;
    try {
      if (this.hasFailed) await this.takeUp();
      await this.publishSigned();
      return await this.sign();
    } catch (error) {
      if (error instanceof CheckpointSwapped) this.refused = new SignerRefused('not-alone', error.message);
      else if (error instanceof SignerRefused) this.refused = error;
      else this.hasFailed = true;
      throw this.refused ?? error;
    }
  }

  /** After a failure: from where the directory ends now. @throws SignerRefused */
  private async takeUp(): Promise<void> {
    this.directory = (await SignerDirectory.open(this.parts.directory)) ?? this.directory;
    if (this.attempted && this.directory.checkpoint() === this.attempted.note) this.signed = this.attempted;
    this.rows = await rowsAt(this.directory, this.signed);
    this.hasFailed = false;
  }

  /** A failure, or a crash, may have come between signing and publishing. */
  private async publishSigned(): Promise<void> {
    const { signed, published } = this;
    if (!signed || signed.note === published?.note) return;
    await publish(this.parts.bookkeeping, signed.note, signed.size, published?.size ?? 0);
    this.published = signed;
  }

  /** Compares the whole store with what was signed. @throws SignerRefused, which names the first record that differs */
  async check(): Promise<void> {
    if (!this.signed) return;
    const { size, root } = this.signed;
    const edge = new TreeEdge(hashes);
    let tile: Uint8Array[] = [];
    for await (const batch of this.parts.source.entriesAfter(0)) {
      for (const { entry, forged } of batch.slice(0, size - edge.size)) {
        const at = edge.size % TILE_WIDTH;
        if (at === 0) tile = this.directory.readTile(0, edge.size / TILE_WIDTH, Math.min(TILE_WIDTH, size - edge.size));
        const leaf = hashes.leaf(Buffer.from(entry));
        if (!equalBytes(leaf, tile[at]!)) throw this.diverged(`record ${edge.size + 1} is not the one that was signed`, edge.size + 1);
        assertWritten(edge.size + 1, forged);
        edge.append(leaf);
      }
      if (edge.size === size) break;
    }
    if (edge.size < size) throw this.diverged(`the store ends with record ${edge.size}, and ${size} were signed`, edge.size + 1);
    if (!equalBytes(edge.root(), root))
      throw new SignerRefused('directory-damaged', `the tiles in ${this.directory.path} do not hash to the root that was signed`);
  }

  private async sign(): Promise<Signed | undefined> {
    const before = this.signed?.size ?? 0;
    const stored = await this.parts.source.size();
    if (stored < before) throw this.diverged(`the store ends with record ${stored}, and ${before} were signed`, stored + 1);
    if (stored === before) {
      this.candidate = undefined;
      return this.signed && this.seconds() - this.signed.timeSeconds >= RESIGN_AFTER_SECONDS ? this.signAgain() : undefined;
    }
    const { settleMs } = this.parts;
    if (settleMs > 0) {
      this.candidate ??= await this.look();
      if (this.elapsed() - this.candidate.seenAtMs < settleMs) return undefined;
    }
    const { candidate } = this;
    this.candidate = undefined;
    const isWhole = await this.grow(candidate?.size ?? before + MAX_GROWTH);
    if (candidate && (!isWhole || !equalBytes(this.rows.root(), candidate.root))) {
      // The store's tail was withdrawn since it was first read: nothing of it was signed, and it settles anew.
      this.rows = await rowsAt(this.directory, this.signed);
      return undefined;
    }
    await this.rows.flush();
    return this.write();
  }

  /** What the store holds beyond the last checkpoint, to be compared with later. */
  private async look(): Promise<Candidate> {
    const edge = await edgeAt(this.directory, this.signed?.size ?? 0);
    const limit = edge.size + MAX_GROWTH;
    for await (const batch of this.parts.source.entriesAfter(edge.size)) {
      for (const { entry } of batch) if (edge.size < limit) edge.append(hashes.leaf(Buffer.from(entry)));
      if (edge.size === limit) break;
    }
    return { size: edge.size, root: edge.root(), seenAtMs: this.elapsed() };
  }

  /** Whether the store still holds so many. @throws SignerRefused where one was not written by a node of this installation */
  private async grow(limit: number): Promise<boolean> {
    for await (const batch of this.parts.source.entriesAfter(this.rows.size)) {
      for (const { entry, forged } of batch) {
        if (this.rows.size === limit) return true;
        const record = this.rows.size + 1;
        assertWritten(record, forged);
        await this.rows.append(Buffer.from(entry));
      }
    }
    return this.rows.size === limit;
  }

  private async signAgain(): Promise<Signed> {
    await this.check();
    return this.write();
  }

  private async write(): Promise<Signed> {
    const { key } = this.parts;
    const { rows } = this;
    const checkpoint = { origin: key.key.name, size: rows.size, root: rows.root() };
    const text = formatCheckpoint(checkpoint);
    const timeSeconds = this.seconds();
    const note = formatNote({ text, signatures: [key.sign(text), key.cosign(text, timeSeconds)] });
    const next = (this.attempted = { ...checkpoint, note, timeSeconds });
    await this.directory.swapCheckpoint(this.signed?.note, note);
    this.signed = next;
    await rows.clearPartials();
    await this.publishSigned();
    return next;
  }

  private seconds(): number {
    return Math.floor(this.parts.now() / 1000);
  }

  private elapsed(): number {
    return (this.parts.elapsed ?? this.parts.now)();
  }

  private diverged(what: string, record: number): SignerRefused {
    return new SignerRefused('diverged', `the history in the store is not the one that was signed: ${what}`, record);
  }
}

function assertWritten(record: number, forged: SignableEntry['forged']): void {
  if (forged)
    throw new SignerRefused('forged', `record ${record} is not what a node of this installation wrote: its ${forged} does not fit`, record);
}
