// Verifies a bundle, line by line, in memory that does not grow with it. Knows nothing of whoever wrote it.
import { Malformed } from '../core/index.js';
import { BundleRun } from './bundle-run.js';
import { BrokenOff } from './lines.js';
import { Coverage } from './coverage.js';
import { sentence } from './quote.js';
import { readTrust, type Trust, type TrustOptions } from './trust.js';
import { couldNotRun, type Verdict } from './verdict.js';

export interface VerifyOptions extends TrustOptions {
  nowMs: number;
  /** Checkpoints that were published, by growing size, to tell how long records stood without one. A bundle has them not. */
  published?: AsyncIterable<string> | Iterable<string>;
  /** Whether the writer's seal of an event is right, where the auditor has been given the writer key. */
  isSealed?: (entry: string, seal: string) => boolean;
}

/** What the lines are made from does not hold a record that it must hold. */
export class RecordMissing extends Error {
  /** @param record its number; undefined where it cannot be told */
  constructor(
    message: string,
    readonly record: number | undefined,
  ) {
    super(message);
  }
}

/** Never throws for what a bundle holds; a source that cannot be read ends with status 3. */
export async function verifyBundle(lines: AsyncIterable<string>, options: VerifyOptions): Promise<Verdict> {
  let trust: Trust;
  try {
    trust = readTrust(options);
  } catch (error) {
    if (error instanceof Malformed) return couldNotRun(error.message);
    throw error;
  }
  const published =
    options.published &&
    (Symbol.asyncIterator in options.published ? options.published[Symbol.asyncIterator]() : options.published[Symbol.iterator]());
  const run = new BundleRun(trust, options, published && new Coverage(published, trust));
  try {
    for await (const line of lines) {
      const waiting = run.take(line);
      if (waiting) await waiting;
      if (run.isOver) break;
    }
  } catch (error) {
    if (error instanceof RecordMissing) {
      run.recordMissing(error.message, error.record);
      return run.verdict();
    }
    if (!(error instanceof Malformed)) return couldNotRun(`the bundle could not be read: ${sentence((error as Error).message)}`);
    if (error instanceof BrokenOff) run.brokenOff();
    else run.unreadable(error.message);
  }
  return run.verdict();
}
