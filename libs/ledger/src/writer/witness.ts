// A witness of its own key and memory: cosigns a checkpoint after it has seen that the log goes on from the last one.
import { dirname } from 'node:path';
import { makeDirectory, readWhole, writeDurably } from '#durable';
import {
  equalBytes,
  formatNote,
  fromBase64,
  isBy,
  ledgerHashes,
  Malformed,
  noteVerifier,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  toBase64,
  verifyConsistency,
  type Checkpoint,
} from '../core/index.js';
import { sha256, verifySignature } from '../verify/node-crypto.js';
import type { LogKey } from './log-key.js';

const hashes = ledgerHashes(sha256);

/** What a witness has last seen of each log, by origin. */
type State = Record<string, { size: number; root: string }>;

export class WitnessRefused extends Error {}

export interface WitnessParts {
  key: LogKey;
  /** Verifier keys of the logs that it watches. */
  logs: readonly string[];
  /** Where it remembers what it cosigned; a witness that has lost it must take another key. */
  stateFile: string;
  now: () => number;
}

export class Witness {
  constructor(private readonly parts: WitnessParts) {}

  /** What it last cosigned of a log. */
  last(origin: string): Checkpoint | undefined {
    const seen = this.state()[origin];
    return seen && { origin, size: seen.size, root: fromBase64(seen.root) };
  }

  /**
   * The note with this witness's signature below the others. It has remembered the checkpoint, durably, before it answers.
   * @param prove a consistency proof from the size that it remembers to that of the note
   * @throws WitnessRefused, Malformed
   */
  async cosign(note: string, prove: (from: number, to: number) => Promise<readonly Uint8Array[]> | readonly Uint8Array[]): Promise<string> {
    const { key, now } = this.parts;
    const { text, signatures, checkpoint } = this.opened(note);
    const state = this.state();
    const seen = Object.hasOwn(state, checkpoint.origin) ? state[checkpoint.origin] : undefined;
    if (seen) await this.assertGoesOn({ size: seen.size, root: fromBase64(seen.root) }, checkpoint, prove);
    if (!seen || seen.size < checkpoint.size)
      await this.remember({ ...state, [checkpoint.origin]: { size: checkpoint.size, root: toBase64(checkpoint.root) } });
    const own = key.cosign(text, Math.floor(now() / 1000));
    return formatNote({ text, signatures: [...signatures.filter((each) => !isBy(key.cosigner)(each)), own] });
  }

  private opened(note: string) {
    const keys = this.parts.logs.map((text) => parseVerifierKey(sha256, text));
    const opened = openNote(
      note,
      keys.map((key) => noteVerifier(key, verifySignature)),
    );
    if ('refused' in opened) throw new WitnessRefused('no log that this witness watches signed the checkpoint');
    const checkpoint = parseCheckpoint(opened.text);
    if (!keys.some((key) => key.name === checkpoint.origin && opened.verified.some(isBy(key))))
      throw new WitnessRefused('the checkpoint is of another log than the key that signed it');
    return { ...opened, checkpoint };
  }

  private async assertGoesOn(
    seen: Pick<Checkpoint, 'size' | 'root'>,
    next: Checkpoint,
    prove: (from: number, to: number) => Promise<readonly Uint8Array[]> | readonly Uint8Array[],
  ): Promise<void> {
    if (next.size < seen.size)
      throw new WitnessRefused(`the log was seen with ${seen.size} records, and now shows ${next.size}: history was taken back`);
    if (next.size === seen.size && equalBytes(next.root, seen.root)) return;
    const proof = next.size === seen.size ? [] : await prove(seen.size, next.size);
    if (!verifyConsistency(hashes, { from: seen, to: next, proof }))
      throw new WitnessRefused(
        `the log does not go on from the ${seen.size} records that were seen: history was rewritten, or a split view is shown`,
      );
  }

  private state(): State {
    const bytes = readWhole(this.parts.stateFile);
    if (!bytes) return {};
    try {
      return JSON.parse(bytes.toString('utf8')) as State;
    } catch {
      throw new Malformed(`${this.parts.stateFile} does not hold the state of a witness`);
    }
  }

  private async remember(state: State): Promise<void> {
    const { stateFile } = this.parts;
    await makeDirectory(dirname(stateFile));
    await writeDurably(stateFile, `${JSON.stringify(state)}\n`);
  }
}
