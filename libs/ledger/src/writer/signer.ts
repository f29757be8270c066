// Signs checkpoints. Configured, never elected: one process alone has the key, and the directory in which it remembers what it signed.
import {
  decodeEntries,
  equalBytes,
  formatCheckpoint,
  formatNote,
  isBy,
  keyAs,
  ledgerHashes,
  Malformed,
  noteVerifier,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  peaksOf,
  TILE_WIDTH,
  tilePath,
  TreeEdge,
  type Checkpoint,
} from '../core/index.js';
import { cosignatureTime, type NoteVerifier } from '../core/index.js';
import { sha256, verifySignature } from '../verify/node-crypto.js';
import { CheckpointSwapped, SignerDirectory } from './signer-directory.js';
import type { LogKey } from './log-key.js';
import { LEDGER_KEY, publish, type Bookkeeping } from './published.js';
import { SignerRefused } from './signer-refused.js';
import { TileRows } from './tile-rows.js';

const hashes = ledgerHashes(sha256);
const RESIGN_AFTER_SECONDS = 86_400;
/** One checkpoint covers at most so many new records: the first of them waits for all. */
const MAX_GROWTH = 100_000;

export interface SignableEntry {
  /** The leaf entry, recomputed from what the store holds. */
  entry: string;
  /** Why no node of this installation wrote the event, where none did. */
  forged?: 'leaf' | 'seal';
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

export interface Signed extends Checkpoint {
  note: string;
  timeSeconds: number;
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
      for (const { entry } of batch.slice(0, size - edge.size)) {
        const at = edge.size % TILE_WIDTH;
        if (at === 0) tile = this.directory.readTile(0, edge.size / TILE_WIDTH, Math.min(TILE_WIDTH, size - edge.size));
        const leaf = hashes.leaf(Buffer.from(entry));
        if (!equalBytes(leaf, tile[at]!)) throw this.diverged(`record ${edge.size + 1} is not the one that was signed`, edge.size + 1);
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
        if (forged)
          throw new SignerRefused(
            'forged',
            `record ${record} was not written by a node of this installation: its ${forged} does not fit`,
            record,
          );
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

async function edgeAt(directory: SignerDirectory, size: number): Promise<TreeEdge> {
  if (size === 0) return new TreeEdge(hashes);
  const hashOf = await directory.hashesFor(size, []);
  return new TreeEdge(
    hashes,
    size,
    peaksOf(size).map(({ level, index }) => hashOf(level, index)),
  );
}

async function rowsAt(directory: SignerDirectory, signed: Signed | undefined): Promise<TileRows> {
  const size = signed?.size ?? 0;
  try {
    const edge = await edgeAt(directory, size);
    if (signed && !equalBytes(edge.root(), signed.root)) throw new Malformed('the tiles do not hash to the root');
    return TileRows.at(directory, size, edge, lastEntries(directory, size));
  } catch (error) {
    // No file handle left, a disk that reports an error: it may pass, and says nothing about what lies there.
    if ((error as NodeJS.ErrnoException).errno !== undefined) throw error;
    throw new SignerRefused('directory-damaged', `${directory.path} cannot be used: ${(error as Error).message}`);
  }
}

function lastEntries(directory: SignerDirectory, size: number): Uint8Array[] {
  const width = size % TILE_WIDTH;
  if (width === 0) return [];
  const index = Math.floor(size / TILE_WIDTH);
  const bytes =
    directory.file(tilePath({ level: 'entries', index, width })) ??
    directory.file(tilePath({ level: 'entries', index, width: TILE_WIDTH }));
  if (!bytes) throw new Malformed(`entries from ${index * TILE_WIDTH} on are missing`);
  return decodeEntries(bytes).slice(0, width);
}

function readSigned(note: string, { key, formerKeys = [] }: SignerParts): Signed {
  const keys = [key.key, ...formerKeys.map((text) => parseVerifierKey(sha256, text))];
  const cosigners = keys.map((each) => keyAs(sha256, each, 'cosignature'));
  const known: NoteVerifier[] = [...keys, ...cosigners].map((each) => noteVerifier(each, verifySignature));
  const opened = openNote(note, known);
  if ('refused' in opened || !opened.verified.some((signature) => keys.some((each) => isBy(each)(signature)))) {
    throw new SignerRefused('directory-damaged', 'the last checkpoint is not signed by the key of this log');
  }
  const cosigned = opened.verified.find((signature) => cosigners.some((each) => isBy(each)(signature)));
  return { ...parseCheckpoint(opened.text), note, timeSeconds: cosigned ? cosignatureTime(cosigned.signature)! : 0 };
}

function assertNotBehind(signed: Signed, published: Signed): void {
  if (published.size < signed.size || (published.size === signed.size && equalBytes(published.root, signed.root))) return;
  throw new SignerRefused(
    'diverged',
    `a checkpoint of ${published.size} records was published, and the signer's directory remembers ${signed.size}, or other ones: an older copy of it was put back`,
  );
}
