// The lines that hold records: what each leaf entry, event and statement is checked for, and what all of them show together.
import {
  hashFromBase64,
  leafEntry,
  Malformed,
  verifierKey,
  verifyInclusion,
  type Checkpoint,
  type EventLine,
  type FactLine,
  type HeaderLine,
  type LeafLine,
} from '../core/index.js';
import { checkEvent, hashes } from './check-event.js';
import type { Coverage } from './coverage.js';
import { PointedEvent } from './facts.js';
import type { Findings } from './findings.js';
import { LeafTree } from './leaf-tree.js';
import { LogRecords } from './log-records.js';
import { sha256 } from './node-crypto.js';
import { QuorumRecount } from './quorum.js';
import { quote } from './quote.js';
import { readEntry } from './read-line.js';
import { StreamsInPart } from './streams-in-part.js';
import { Streams } from './streams.js';
import type { Counted } from './verdict.js';

interface RecordLinesParts {
  header: HeaderLine;
  /** Where one was signed by a key that is trusted. */
  checkpoint: Checkpoint | undefined;
  /** Of the checkpoint that the auditor kept. */
  keptSize: number | undefined;
  isSealed: ((entry: string, seal: string) => boolean) | undefined;
  coverage: Coverage | undefined;
  findings: Findings;
  counted: Counted;
}

export class RecordLines {
  readonly tree: LeafTree;
  readonly streams: Streams;
  readonly log: LogRecords;
  private readonly inPart = new StreamsInPart();
  private readonly quorum: QuorumRecount;
  private readonly complete: boolean;
  private readonly checkpoint: Checkpoint | undefined;
  private readonly isSealed: RecordLinesParts['isSealed'];
  private readonly coverage: Coverage | undefined;
  private readonly findings: Findings;
  private readonly counted: Counted;
  private pointed: PointedEvent | undefined;

  constructor({ header: { origin, scope, complete }, checkpoint, keptSize, isSealed, coverage, findings, counted }: RecordLinesParts) {
    this.tree = new LeafTree(keptSize);
    this.streams = new Streams(scope, complete, findings);
    this.log = new LogRecords(checkpoint?.origin ?? origin, findings);
    this.quorum = new QuorumRecount(complete, findings);
    this.complete = complete;
    this.checkpoint = checkpoint;
    this.isSealed = isSealed;
    this.coverage = coverage;
    this.findings = findings;
    this.counted = counted;
  }

  leaf({ index, entry }: LeafLine): undefined {
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

  event(event: EventLine, lineNumber: number): Promise<void> | undefined {
    const record = event.index + 1;
    const checked = checkEvent(event);
    for (const { code, message } of checked.faults)
      this.findings.add('manipulation', 'integrity', code, `Record ${record} ${message}.`, { record });
    if (this.complete) {
      this.tree.append(checked.leaf);
      this.counted.entries += 1;
    } else {
      this.checkInclusion(event, checked.leaf, lineNumber);
    }
    this.streams.next(event.stream, event.rev, record);
    this.inPart.event(event.stream);
    for (const hash of checked.missing) this.log.valueMissing(hash, record);
    if (this.isSealed && !this.isSealed(checked.entry, event.seal)) {
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

  fact(fact: FactLine, lineNumber: number): undefined {
    this.counted.facts += 1;
    if (this.pointed?.index !== fact.event) throw new Malformed('is a statement that does not stand below its event');
    if ((this.pointed.statements += 1) === 1) this.counted.stated += 1;
    if (this.pointed.bears(fact)) return;
    this.findings.add(
      'manipulation',
      'integrity',
      'fact-not-borne-out',
      `The report states ${quote(fact.label)}: ${quote(fact.value)}; at ${quote(fact.pointer)} of record ${fact.event + 1} that does not stand.`,
      { record: fact.event + 1, line: lineNumber },
    );
  }

  /** What is missing in part. */
  judgeParts(): void {
    this.inPart.judge(this.findings);
  }

  /** The records of the log itself, what is missing of streams, and the quorums. */
  judge(key: Parameters<LogRecords['judge']>[0]): void {
    const { log, streams, quorum, counted } = this;
    log.judge(key, (each) => verifierKey(sha256, each.name, each.publicKey));
    streams.judge((skipped) => log.lostOf(skipped));
    quorum.judge();
    counted.removedValues = log.removed;
    counted.lostRecords = log.lost;
    counted.quorums = quorum.recounted;
  }

  private readSaid(event: EventLine, isFaulty: boolean): void {
    if (isFaulty) return this.quorum.entryAlone(event.stream, event.type);
    if (event.stream === 'log') return this.log.read(event);
    this.streams.read(event);
    this.quorum.read(event);
  }

  private checkInclusion({ index, proof }: EventLine, leaf: Uint8Array, lineNumber: number): void {
    if (!this.checkpoint) return;
    const { size, root } = this.checkpoint;
    if (proof === undefined) throw new Malformed('is an event without a proof in a bundle that is a selection');
    if (!verifyInclusion(hashes, { index, size, leaf, root, proof: proof.map(hashFromBase64) })) {
      this.findings.add(
        'manipulation',
        'integrity',
        'not-included',
        `Record ${index + 1} is not in the signed history as it stands here: it was altered, or its proof is of another record.`,
        { record: index + 1, line: lineNumber },
      );
    }
  }
}
