// Counts the quorums of decisions anew, from what the streams that each names had said by then, and says of which that was not possible.
import type { EventLine } from '../core/index.js';
import { asWritten, dayIn } from './day-in.js';
import type { Findings } from './findings.js';
import { objectIn } from './object-in.js';
import { recounted, type QuorumStated, type Taken } from './recounted.js';
import { RememberedEvents } from './remembered-events.js';

export class QuorumRecount {
  private readonly before = new RememberedEvents();
  private recountedDecisions = 0;
  private skipped = 0;
  /** Of those that were counted again, how many without the rules by which they needed so many. */
  private withoutRules = 0;

  constructor(
    private readonly isComplete: boolean,
    private readonly findings: Findings,
  ) {}

  get recounted(): number {
    return this.recountedDecisions;
  }

  /** A record of which nothing more is known than that it is there. */
  entryAlone(stream: string, type: string): void {
    this.before.unknown(stream, type);
  }

  read(event: EventLine): void {
    if (event.type === 'decision-taken') this.decision(event);
    else this.before.read(event);
  }

  judge(): void {
    if (this.skipped > 0)
      this.findings.add(
        'notice',
        'integrity',
        'quorum-not-recounted',
        `The quorum of ${this.skipped} decisions could not be counted again: what they were counted from is not all here.`,
      );
    if (this.withoutRules > 0)
      this.findings.add(
        'notice',
        'integrity',
        'needed-not-recounted',
        `How many had to be present for ${this.withoutRules} decisions could not be counted again: the rules and members of their bodies are not all here.`,
      );
  }

  private decision({ index, tv, data, meta }: EventLine): void {
    const { meeting, body, outcome, quorum } = objectIn(data) as {
      meeting?: unknown;
      body?: unknown;
      outcome?: unknown;
      quorum?: QuorumStated | null;
    };
    if (typeof meeting !== 'string' || typeof quorum !== 'object' || quorum === null) return;
    const seen = tv === 1 ? this.restsOn(meeting, body, objectIn(meta)) : undefined;
    const zone = this.zoneOf(meeting, body);
    const dayOf = zone === null ? asWritten : zone === undefined ? undefined : dayIn(zone);
    const recount = seen && recounted(quorum, outcome, seen, dayOf);
    if (!recount) {
      this.skipped += 1;
      return;
    }
    this.recountedDecisions += 1;
    if (recount.isWithoutRules) this.withoutRules += 1;
    if (recount.faults.length === 0) return;
    const record = index + 1;
    // Versions that counted so told nobody which day they meant: it accuses nobody, and does not go without a word.
    if (recounted(quorum, outcome, seen, asWritten)?.faults.length === 0)
      return this.findings.add(
        'notice',
        'integrity',
        'quorum-by-day-as-written',
        `Record ${record} states ${recount.faults.join(', and ')}, in the days of the zone in which it was decided. It is borne out by the days that its times show as they are written, by which earlier versions counted.`,
        { record },
      );
    for (const fault of recount.faults)
      this.findings.add('gap', 'integrity', 'quorum-not-borne-out', `Record ${record} states ${fault}.`, { record });
  }

  /** That of the meeting, else of the body; null where neither names one, undefined where that is not known. */
  private zoneOf(meeting: string, body: unknown): string | null | undefined {
    const zone = this.before.zoneOf('meeting', meeting);
    return zone === null ? this.before.zoneOf('body', body) : zone;
  }

  /** As the streams stood at the revisions that were decided on: without them a count would say nothing. */
  private restsOn(meeting: string, body: unknown, { occurredAt, decidedOn }: Record<string, unknown>): Taken | undefined {
    if (!this.isComplete || typeof occurredAt !== 'string' || !Array.isArray(decidedOn)) return undefined;
    const revisions = new Map(
      (decidedOn as ({ stream?: unknown; revision?: number | null } | null)[]).map((seen) => [seen?.stream, seen?.revision ?? -1]),
    );
    const asSeen = (kind: 'meeting' | 'body' | 'person', id: unknown) => {
      const revision = revisions.get(`${kind}-${String(id)}`);
      return revision === undefined ? undefined : this.before.upTo(kind, id, revision);
    };
    const attendance = asSeen('meeting', meeting);
    return (
      attendance && { at: occurredAt, meeting: attendance, of: body, body: asSeen('body', body), person: (id) => asSeen('person', id) }
    );
  }
}
