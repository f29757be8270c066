// Counts anew who was present for a decision, from the attendance events before it, and compares that with the quorum that the decision states.
import type { EventLine } from '../core/index.js';
import type { Findings } from './findings.js';
import { objectIn } from './object-in.js';

interface AttendanceEvent {
  rev: number;
  type: string;
  data: { attendance: unknown; present: number | undefined; as: unknown; isStruck: boolean };
}

const ATTENDANCE = new Set(['attendance-stated', 'attendance-recorded', 'attendance-ended', 'attendance-corrected']);
/** Meetings whose attendance is remembered; a decision on an older one is not counted again. */
const REMEMBERED = 2000;

interface QuorumStated {
  status?: unknown;
  present?: unknown;
  needed?: unknown;
}

const count = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

export class QuorumRecount {
  private readonly meetings = new Map<string, AttendanceEvent[] | 'incomplete'>();
  private recountedDecisions = 0;
  private skipped = 0;

  constructor(
    private readonly isComplete: boolean,
    private readonly findings: Findings,
  ) {}

  get recounted(): number {
    return this.recountedDecisions;
  }

  /** An attendance that is not exported: its meeting cannot be counted. */
  entryAlone(stream: string, type: string): void {
    if (ATTENDANCE.has(type)) this.remember(stream, 'incomplete');
  }

  read(event: EventLine): void {
    if (event.tv !== 1) return;
    if (ATTENDANCE.has(event.type)) this.attendance(event);
    else if (event.type === 'decision-taken') this.decision(event);
  }

  judge(): void {
    if (this.skipped > 0) this.findings.add('notice', 'integrity', 'quorum-not-recounted', `The quorum of ${this.skipped} decisions could not be counted again: their meetings' attendance is not all here.`);
  }

  private attendance({ stream, rev, type, data }: EventLine): void {
    const before = this.meetings.get(stream);
    if (before === 'incomplete') return;
    const { attendance, present, as, struck } = objectIn(data);
    const event = { rev, type, data: { attendance, present: count(present), as, isStruck: struck === true } };
    if (before) before.push(event);
    else this.remember(stream, [event]);
  }

  private remember(stream: string, events: AttendanceEvent[] | 'incomplete'): void {
    this.meetings.set(stream, events);
    if (this.meetings.size > REMEMBERED) this.meetings.delete(this.meetings.keys().next().value!);
  }

  private decision({ index, data, meta }: EventLine): void {
    const { meeting, quorum } = objectIn(data) as { meeting?: unknown; quorum?: QuorumStated | null };
    if (typeof meeting !== 'string' || typeof quorum !== 'object' || quorum === null) return;
    const stream = `meeting-${meeting}`;
    const events = this.meetings.get(stream) ?? (this.meetings.size < REMEMBERED ? [] : 'incomplete');
    const { decidedOn } = objectIn(meta) as { decidedOn?: unknown };
    const seen = Array.isArray(decidedOn) ? (decidedOn as ({ stream?: unknown; revision?: number | null } | null)[]).find((each) => each?.stream === stream) : undefined;
    // Without every attendance, and the revision that was decided on, a count would say nothing.
    if (!this.isComplete || events === 'incomplete' || !seen) {
      this.skipped += 1;
      return;
    }
    this.recountedDecisions += 1;
    const present = countPresent(events.filter(({ rev }) => rev <= (seen.revision ?? -1)));
    const [stated, needed] = [count(quorum.present), count(quorum.needed)];
    const record = index + 1;
    if (present !== stated) {
      this.findings.add('gap', 'integrity', 'quorum-not-borne-out', `Record ${record} states a quorum with ${stated ?? 'nobody counted'} present; the attendance before it makes ${present ?? 'nobody counted'}.`, { record });
    } else if (present !== undefined && needed !== undefined && quorum.status !== (present >= needed ? 'met' : 'not-met')) {
      this.findings.add('gap', 'integrity', 'quorum-not-borne-out', `Record ${record} states another outcome of its quorum than ${present} present and ${needed} needed make.`, { record });
    }
  }
}

/** The latest stated count, else the members recorded by name who have not left; undefined where nothing is recorded. */
function countPresent(events: readonly AttendanceEvent[]): number | undefined {
  const standing = new Map<unknown, { stated?: number; counts: boolean }>();
  for (const { type, data } of events) {
    const before = standing.get(data.attendance);
    if (type === 'attendance-stated') standing.set(data.attendance, { stated: data.present ?? 0, counts: true });
    else if (type === 'attendance-recorded') standing.set(data.attendance, { counts: data.as === 'member' });
    else if (type === 'attendance-ended') { if (before && before.stated === undefined) standing.delete(data.attendance); }
    else if (data.isStruck) standing.delete(data.attendance);
    else if (before?.stated !== undefined) before.stated = data.present ?? before.stated;
    else if (before && data.as !== undefined) before.counts = data.as === 'member';
  }
  const all = [...standing.values()];
  const stated = all.findLast((each) => each.stated !== undefined)?.stated;
  const named = all.filter((each) => each.counts).length;
  return stated ?? (named > 0 ? named : undefined);
}
