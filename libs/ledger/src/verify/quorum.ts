// Counts anew who was present for a decision, and how many had to be, from what the streams that it names had said by then, and compares that with
// the quorum that it states.
import type { EventLine } from '../core/index.js';
import type { Findings } from './findings.js';
import { neededFor } from './needed-for.js';
import { objectIn } from './object-in.js';
import { entitledAt, presentAt, type RestsOn } from './present-at.js';
import { quote } from './quote.js';
import { RememberedEvents } from './remembered-events.js';

interface QuorumStated {
  status?: unknown;
  present?: unknown;
  needed?: unknown;
}

const said = (number: unknown, absent: string): string => (number === undefined ? absent : quote(number));

/** What comparing the two can give; where the rules are not here, whether there is one is not known. */
function outcomesOf({ present, needed }: QuorumStated, ruled: number | 'no-rule' | 'unknown' | 'not-here'): readonly unknown[] {
  if (needed === undefined) return ruled === 'not-here' ? ['no-rule', 'unknown'] : [ruled];
  if (typeof needed !== 'number') return [];
  return present === undefined ? ['unknown'] : [(present as number) >= needed ? 'met' : 'not-met'];
}

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
    const present = seen ? presentAt(seen.at, seen) : 'unknown';
    if (!seen || present === 'unknown') {
      this.skipped += 1;
      return;
    }
    this.recountedDecisions += 1;
    const notBorneOut = (why: string): void =>
      this.findings.add('gap', 'integrity', 'quorum-not-borne-out', `Record ${index + 1} states ${why}.`, { record: index + 1 });
    const isPresent = quorum.present === present;
    if (!isPresent)
      notBorneOut(
        `a quorum with ${said(quorum.present, 'nobody counted')} present; the attendance before it makes ${present ?? 'nobody counted'}`,
      );
    const ruled = this.neededBy(outcome, seen);
    const needed = typeof ruled === 'number' ? ruled : undefined;
    const isNeeded = ruled === 'not-here' || quorum.needed === needed;
    if (!isNeeded)
      notBorneOut(
        `a quorum for which ${said(quorum.needed, 'nobody knows how many')} are needed; the rules of its body before it make ${needed ?? 'no number'}`,
      );
    // Of a number that is wrong the outcome is as well.
    if (isPresent && isNeeded && !outcomesOf(quorum, ruled).includes(quorum.status))
      notBorneOut(
        `another outcome of its quorum, ${quote(quorum.status)}, than ${said(quorum.present, 'nobody counted')} present and ${said(quorum.needed, 'nobody knows how many')} needed make`,
      );
  }

  /** `not-here` where the rules or members of its body are not all here. */
  private neededBy(outcome: unknown, { at, ...seen }: RestsOn & { at: string }): number | 'no-rule' | 'unknown' | 'not-here' {
    const entitled = entitledAt(at, seen);
    if (seen.body && entitled !== 'unknown') return neededFor(outcome, at.slice(0, 10), entitled, seen.body);
    this.withoutRules += 1;
    return 'not-here';
  }

  /** As the streams stood at the revisions that were decided on: without them a count would say nothing. */
  private restsOn(
    meeting: string,
    body: unknown,
    { occurredAt, decidedOn }: Record<string, unknown>,
  ): (RestsOn & { at: string }) | undefined {
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
