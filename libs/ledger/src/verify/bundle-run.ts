// The run through a bundle: what each line is checked for, and what they come to.
import {
  hashFromBase64,
  leafEntry,
  Malformed,
  verifierKey,
  verifyInclusion,
  type BundleLine,
  type EndLine,
  type EventLine,
  type FactLine,
  type HeaderLine,
  type LeafLine,
} from '../core/index.js';
import { checkCheckpoint, checkWitnesses, type JudgedCheckpoint } from './check-checkpoint.js';
import { checkEvent, hashes } from './check-event.js';
import { Continuation } from './continuation.js';
import type { Coverage } from './coverage.js';
import { PointedEvent } from './facts.js';
import { Findings } from './findings.js';
import { KeyChain } from './key-chain.js';
import { LeafTree } from './leaf-tree.js';
import { LineOrder } from './line-order.js';
import { LogRecords } from './log-records.js';
import { sha256 } from './node-crypto.js';
import { QuorumRecount } from './quorum.js';
import { quote, sentence } from './quote.js';
import { readEntry, readLine } from './read-line.js';
import { StreamsInPart } from './streams-in-part.js';
import { Streams } from './streams.js';
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
  private tree!: LeafTree;
  private streams!: Streams;
  private readonly inPart = new StreamsInPart();
  private log!: LogRecords;
  private quorum!: QuorumRecount;
  private pointed: PointedEvent | undefined;
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
      bundle: { origin, scope, size, complete, streams: this.streams?.declared ?? [] },
      ...(judged?.timeSeconds !== undefined && { signedAtSeconds: judged.timeSeconds }),
      ...(this.coverage?.longestSeconds !== undefined && { longestUncoveredSeconds: this.coverage.longestSeconds }),
      ...(judged && { keep: judged.keep }),
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
        return void this.streams.declare(line.name);
      case 'tile':
        if (!this.header!.complete) throw new Malformed('is a tile in a bundle that is a selection');
        return void this.tree.startTile(line.index, line.hashes, this.header!.size);
      case 'leaf':
        return this.readLeaf(line);
      case 'event':
        return this.readEvent(line);
      case 'fact':
        return this.readFact(line);
      case 'end':
        return this.readEnd(line);
    }
  }

  private readCheckpoint(note: string): undefined {
    const { origin, size, complete, scope } = this.header!;
    const trust = this.chain.followedFrom(this.trust);
    this.coverage?.widen(this.chain.withFormer(trust));
    this.judged = checkCheckpoint(note, trust, this.options.nowMs, this.findings);
    const checkpoint = this.judged?.checkpoint;
    const kept = keptUnder(trust);
    if (typeof kept === 'string') {
      this.unusable = sentence(kept);
      this.over = 'stopped';
      return;
    }
    this.tree = new LeafTree(kept?.size);
    this.streams = new Streams(scope, complete, this.findings);
    this.log = new LogRecords(checkpoint?.origin ?? origin, this.findings);
    this.quorum = new QuorumRecount(complete, this.findings);
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

  private readLeaf({ index, entry }: LeafLine): undefined {
    if (!this.header!.complete) throw new Malformed('is a leaf in a bundle that is a selection');
    if (!this.isDue(index)) return;
    const fields = readEntry(entry);
    if (!fields || leafEntry(fields) !== entry) {
      this.findings.add(
        'manipulation',
        'integrity',
        'entry-malformed',
        `The entry of record ${index + 1} is not written as a leaf entry is.`,
        { record: index + 1 },
      );
    }
    this.tree.append(hashes.leaf(Buffer.from(entry)));
    this.counted.entries += 1;
    this.pointed = undefined;
    if (!fields) return;
    const mayStandAlone = this.streams.next(fields.stream, fields.rev, index + 1) && fields.stream !== 'log';
    if (mayStandAlone) this.inPart.entryAlone(fields.stream, index + 1);
    else this.log.eventMissing(index + 1);
    this.quorum.entryAlone(fields.stream, fields.type);
  }

  private readEvent(event: EventLine): Promise<void> | undefined {
    if (!this.isDue(event.index)) return undefined;
    const record = event.index + 1;
    const checked = checkEvent(event);
    for (const { code, message } of checked.faults)
      this.findings.add('manipulation', 'integrity', code, `Record ${record} ${message}.`, { record });
    if (this.header!.complete) {
      this.tree.append(checked.leaf);
      this.counted.entries += 1;
    } else {
      this.checkInclusion(event, checked.leaf);
    }
    this.streams.next(event.stream, event.rev, record);
    this.inPart.event(event.stream);
    for (const hash of checked.missing) this.log.valueMissing(hash, record);
    if (this.options.isSealed && !this.options.isSealed(checked.entry, event.seal)) {
      this.findings.add(
        'manipulation',
        'custody',
        'seal-wrong',
        `Record ${record} was not written by a node of this installation: the writer's seal does not fit.`,
        { record },
      );
    }
    this.counted.events += 1;
    this.counted.values += event.sealed.length;
    this.pointed = new PointedEvent(event);
    this.readSaid(event, checked.faults.length > 0);
    return this.coverage?.record(record, event.at);
  }

  private readSaid(event: EventLine, isFaulty: boolean): void {
    if (isFaulty) return this.quorum.entryAlone(event.stream, event.type);
    if (event.stream === 'log') return this.log.read(event);
    this.streams.read(event);
    this.quorum.read(event);
  }

  private checkInclusion({ index, proof }: EventLine, leaf: Uint8Array): void {
    const { judged } = this;
    if (!judged) return;
    const { size, root } = judged.checkpoint;
    if (proof === undefined) throw new Malformed('is an event without a proof in a bundle that is a selection');
    if (!verifyInclusion(hashes, { index, size, leaf, root, proof: proof.map(hashFromBase64) })) {
      this.findings.add(
        'manipulation',
        'integrity',
        'not-included',
        `Record ${index + 1} is not in the signed history as it stands here: it was altered, or its proof is of another record.`,
        { record: index + 1, line: this.lineNumber },
      );
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

  private readFact(fact: FactLine): undefined {
    this.counted.facts += 1;
    if (this.pointed?.index !== fact.event) throw new Malformed('is a statement that does not stand below its event');
    if ((this.pointed.statements += 1) === 1) this.counted.stated += 1;
    if (this.pointed.bears(fact)) return;
    this.findings.add(
      'manipulation',
      'integrity',
      'fact-not-borne-out',
      `The report states ${quote(fact.label)}: ${quote(fact.value)}; at ${quote(fact.pointer)} of record ${fact.event + 1} that does not stand.`,
      { record: fact.event + 1, line: this.lineNumber },
    );
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
    const { judged, findings, counted } = this;
    if (!this.over)
      findings.add(
        'gap',
        'integrity',
        'broken-off',
        `The bundle breaks off after line ${this.lineNumber}, record ${this.order.lastRecord}: get it again.`,
      );
    if (this.over !== 'ended') {
      if (judged && complete) this.tree.judgeParted(findings);
      return;
    }
    if (judged && complete) {
      const holds = this.tree.judge(judged.checkpoint, findings);
      const root = holds && this.tree.keptRoot(holds);
      if (root) this.continuation?.byEntries(root);
    }
    if (!complete)
      findings.add('notice', 'completeness', 'selection', 'Completeness is not proven: the bundle does not hold every leaf entry.');
    this.inPart.judge(findings);
    this.continuation?.judge();
    if (judged) {
      this.chain.judge(judged.key, this.trust, this.log.keyChanges, findings);
      checkWitnesses(judged, this.trust, this.log.keys, findings);
    }
    this.log.judge(judged?.key, (key) => verifierKey(sha256, key.name, key.publicKey));
    this.streams.judge((skipped) => this.log.lostOf(skipped));
    this.quorum.judge();
    this.coverage?.judge(findings);
    counted.removedValues = this.log.removed;
    counted.lostRecords = this.log.lost;
    counted.quorums = this.quorum.recounted;
  }

  private stop(code: string, message: string, record?: number): void {
    this.over = 'stopped';
    this.findings.add('manipulation', 'integrity', code, message, { ...(record !== undefined && { record }), line: this.lineNumber });
  }
}
