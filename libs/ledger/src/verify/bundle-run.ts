// The run through a bundle: what each line is checked for, and what they come to.
import { Malformed, type BundleLine, type EndLine, type HeaderLine } from '../core/index.js';
import { checkCheckpoint, checkWitnesses, type JudgedCheckpoint } from './check-checkpoint.js';
import { Continuation } from './continuation.js';
import type { Coverage } from './coverage.js';
import { Findings } from './findings.js';
import { KeyChain } from './key-chain.js';
import { LineOrder } from './line-order.js';
import { quote, sentence } from './quote.js';
import { readLine } from './read-line.js';
import { RecordLines } from './record-lines.js';
import { keptUnder, type Trust } from './trust.js';
import { couldNotRun, judgementOf, nothingCounted, statusOf, type Verdict } from './verdict.js';

interface RunOptions {
  nowMs: number;
  isSealed?: (entry: string, seal: string) => boolean;
}

export class BundleRun {
  private readonly findings = new Findings();
  private readonly counted = nothingCounted();
  private lineNumber = 0;
  private readonly order = new LineOrder();
  private over: 'ended' | 'stopped' | 'not-a-bundle' | undefined;
  private header: HeaderLine | undefined;
  private judged: JudgedCheckpoint | undefined;
  private isSignedByOthers = false;
  /** From the checkpoint on. */
  private records!: RecordLines;
  private continuation: Continuation | undefined;
  private readonly chain = new KeyChain();
  /** What the auditor brought, and nothing vouches for. */
  private unusable: string | undefined;
  private couldNotRead = 'the bundle is empty';

  constructor(
    private readonly trust: Trust,
    private readonly options: RunOptions,
    private readonly coverage: Coverage | undefined,
  ) {}

  /** Whether further lines would change nothing. */
  get isOver(): boolean {
    return this.over === 'stopped' || this.over === 'not-a-bundle';
  }

  take(text: string): Promise<void> | undefined {
    this.lineNumber += 1;
    let line: BundleLine;
    try {
      line = readLine(text);
      if (this.over === 'ended') throw new Malformed('follows the end of the bundle');
      this.order.follow(line.kind);
      return this.read(line);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.unreadable(error.message);
      return undefined;
    }
  }

  /** The bundle cannot be read on. @param what the end of a sentence about the line */
  unreadable(what: string): void {
    if (!this.header) {
      this.over = 'not-a-bundle';
      this.couldNotRead = `this is no bundle of a format that is known here: line ${Math.max(this.lineNumber, 1)} ${sentence(what)}`;
      return;
    }
    this.stop(
      'line-unreadable',
      `Line ${this.lineNumber} ${sentence(what)}: the bundle was damaged or altered, and is not read any further.`,
    );
  }

  /** The source of the lines cannot give the next record. */
  recordMissing(why: string, record: number | undefined): void {
    this.stop('record-missing', `The history was not read to its end: ${sentence(why)}.`, record);
  }

  /** The last line does not end. Nothing that was read is wrong for that, but there is more to read. */
  brokenOff(): void {
    if (this.header && this.over !== 'ended') return;
    this.lineNumber += 1;
    this.unreadable(this.header ? 'follows the end of the bundle' : 'does not end');
  }

  verdict(): Verdict {
    if (!this.header) return couldNotRun(this.couldNotRead);
    if (this.unusable !== undefined) return couldNotRun(this.unusable);
    const { header, findings, judged } = this;
    if (!this.order.hasCheckpoint && !this.over)
      findings.add('gap', 'integrity', 'broken-off', 'The bundle breaks off before its checkpoint: get it again.');
    if (this.order.hasCheckpoint) this.judgeWhole(header);
    const { origin, scope, size, complete } = header;
    const isWhole = this.over === 'ended' && judged !== undefined;
    const { firstWrongRecord } = findings;
    return {
      status: statusOf(findings),
      integrity: judgementOf(findings, 'integrity', isWhole),
      completeness: judgementOf(findings, 'completeness', isWhole && complete && findings.of('integrity') !== 'manipulation'),
      custody: judgementOf(findings, 'custody', judged !== undefined && (judged.isWitnessed || this.continuation?.isShown === true)),
      ...(firstWrongRecord !== undefined && { firstWrongRecord }),
      findings: findings.kept,
      found: { manipulation: findings.count('manipulation'), gap: findings.count('gap'), notice: findings.count('notice') },
      counted: this.counted,
      bundle: { origin, scope, size, complete, streams: this.records?.streams.declared ?? [] },
      ...(judged?.timeSeconds !== undefined && { signedAtSeconds: judged.timeSeconds }),
      ...(this.coverage?.longestSeconds !== undefined && { longestUncoveredSeconds: this.coverage.longestSeconds }),
      ...(judged && { keep: judged.keep }),
      ...(this.isSignedByOthers && { signedByOthers: true as const }),
    };
  }

  private read(line: BundleLine): Promise<void> | undefined {
    switch (line.kind) {
      case 'header':
        this.header = line;
        return undefined;
      case 'key':
        return void this.chain.add(line.note);
      case 'checkpoint':
        return this.readCheckpoint(line.note);
      case 'consistency':
        return void this.continuation?.byProof(line, this.lineNumber);
      case 'stream':
        return void this.records.streams.declare(line.name);
      case 'tile':
        if (!this.header!.complete) throw new Malformed('is a tile in a bundle that is a selection');
        return void this.records.tree.startTile(line.index, line.hashes, this.header!.size);
      case 'leaf':
        if (!this.header!.complete) throw new Malformed('is a leaf in a bundle that is a selection');
        return this.isDue(line.index) ? this.records.leaf(line) : undefined;
      case 'event':
        return this.isDue(line.index) ? this.records.event(line, this.lineNumber) : undefined;
      case 'fact':
        return this.records.fact(line, this.lineNumber);
      case 'end':
        return this.readEnd(line);
    }
  }

  private readCheckpoint(note: string): undefined {
    const { origin, size } = this.header!;
    const trust = this.chain.followedFrom(this.trust);
    this.coverage?.widen(this.chain.withFormer(trust));
    const judged = checkCheckpoint(note, trust, this.options.nowMs, this.findings);
    if (typeof judged !== 'string') this.judged = judged;
    this.isSignedByOthers = judged === 'signed-by-others';
    const checkpoint = this.judged?.checkpoint;
    const kept = keptUnder(trust);
    if (typeof kept === 'string') {
      this.unusable = kept;
      this.over = 'stopped';
      return;
    }
    const { header, findings, counted, coverage } = this;
    const { isSealed } = this.options;
    this.records = new RecordLines({ header: header!, checkpoint, keptSize: kept?.size, isSealed, coverage, findings, counted });
    if (!checkpoint) {
      // Against a checkpoint that nobody trusts there is nothing to prove.
      this.over = 'stopped';
      return;
    }
    if (checkpoint.origin !== origin || checkpoint.size !== size) {
      this.stop(
        'checkpoint-of-another',
        `The bundle says that it is of log ${quote(origin)} with ${size} records, and carries the checkpoint of ${quote(checkpoint.origin)} with ${checkpoint.size}.`,
      );
    } else {
      this.continuation = new Continuation(kept, checkpoint, this.findings);
    }
  }

  private isDue(index: number): boolean {
    const wrong = this.order.followRecord(index, this.header!);
    if (wrong)
      this.stop(
        'out-of-order',
        `Line ${this.lineNumber} holds record ${index + 1}, and ${wrong.why}: records were left out, added or reordered.`,
        wrong.record,
      );
    return wrong === undefined;
  }

  private readEnd({ events, leaves, facts }: EndLine): undefined {
    this.over = 'ended';
    const { counted } = this;
    if (events !== counted.events || leaves !== counted.entries - (this.header!.complete ? counted.events : 0) || facts !== counted.facts) {
      this.findings.add(
        'manipulation',
        'completeness',
        'lines-missing',
        `The bundle ends with ${events} events, ${leaves} entries and ${facts} statements by its own count, and not so many are here: lines were taken out or added.`,
      );
    }
  }

  private judgeWhole({ complete }: HeaderLine): void {
    const { judged, findings, records } = this;
    if (!this.over)
      findings.add(
        'gap',
        'integrity',
        'broken-off',
        `The bundle breaks off after line ${this.lineNumber}, record ${this.order.lastRecord}: get it again.`,
      );
    if (this.over !== 'ended') {
      if (judged && complete) records.tree.judgeParted(findings);
      return;
    }
    if (judged && complete) {
      const holds = records.tree.judge(judged.checkpoint, findings);
      const root = holds && records.tree.keptRoot(holds);
      if (root) this.continuation?.byEntries(root);
    }
    if (!complete)
      findings.add('notice', 'completeness', 'selection', 'Completeness is not proven: the bundle does not hold every leaf entry.');
    records.judgeParts();
    this.continuation?.judge();
    if (judged) {
      this.chain.judge(judged.key, this.trust, records.log.keyChanges, findings);
      checkWitnesses(judged, this.trust, records.log.keys, findings);
    }
    records.judge(judged?.key);
    this.coverage?.judge(findings);
  }

  private stop(code: string, message: string, record?: number): void {
    this.over = 'stopped';
    this.findings.add('manipulation', 'integrity', code, message, { ...(record !== undefined && { record }), line: this.lineNumber });
  }
}
