// Rule 7: what is still open when its meeting concludes is due at that body's next meeting, or waits for one to be scheduled.
import { decisions } from '#decisions/contracts';
import { isBy, isCivilDate, type Revision, type Uuid } from '#kernel';
import { meetings, meetingsList } from '#meetings/contracts';
import type { ProcessManager, Reaction, RegisterThen } from '#process-managers';
import type { Row } from '#read-models';
import { followUps, followUpsList } from './follow-ups.projection.js';
import { carryOver, moveDue, setDue } from './settle-follow-up.js';

export const carryOverManager: ProcessManager = {
  name: 'follow-up-carry-over',
  triggers: [
    'meeting-concluded',
    'meeting-cancelled',
    'meeting-scheduled',
    'meeting-postponed',
    'follow-up-assigned',
    'follow-up-carried-over',
    'follow-up-due-moved',
    'follow-up-due-set',
  ],
  async react({ type, streamId, data }, register): Promise<Reaction[]> {
    switch (type) {
      case 'meeting-concluded':
      case 'meeting-cancelled':
        return moved(register, streamId);
      case 'meeting-scheduled':
        return awaited(register, streamId);
      case 'meeting-postponed':
        // Only where it says until when: else there is no meeting to wait for.
        return 'starts' in data ? awaited(register, streamId) : [];
      default:
        return overtaken(register, streamId);
    }
  },
};

interface OwedRow {
  id: Uuid;
  revision: Revision;
  body: Uuid;
  status: string;
  dueAt: Uuid | null;
  waitsFor: Uuid | null;
  waitsAfter: Uuid | null;
  from: { meeting?: Uuid } | null;
  decision: Uuid | null;
}

/** Everything open that was due at a meeting goes to the next one of its body. */
async function moved(register: RegisterThen, from: Uuid): Promise<Reaction[]> {
  const reactions: Reaction[] = [];
  for (const owed of await listed(register, { dueAt: from })) reactions.push(await onFrom(register, from, owed));
  return reactions;
}

/** One that was held counts as carried over. One that was cancelled was never held: what follows is what follows the one before it. */
async function onFrom(register: RegisterThen, from: Uuid, owed: OwedRow): Promise<Reaction> {
  const meeting = register.detail(meetings, from)!;
  const isCancelled = meeting['status'] === 'cancelled';
  const after = (isCancelled && startsAfter(register, owed)) || meeting;
  const input = { from, ...(await next(register, meeting, after, owed)), seen: owed.revision };
  return { command: isCancelled ? moveDue : carryOver, target: owed.id, input };
}

/** What waited for a meeting of one of these bodies has one now. */
async function awaited(register: RegisterThen, meeting: Uuid): Promise<Reaction[]> {
  const reactions: Reaction[] = [];
  const row = register.detail(meetings, meeting)!;
  for (const body of bodiesOf(row)) {
    for (const owed of await listed(register, { waitsFor: body })) {
      if (!liesBefore(row, startsAfter(register, owed)))
        reactions.push({ command: setDue, target: owed.id, input: { meeting, waitsFor: body, seen: owed.revision } });
    }
  }
  return reactions;
}

/** By the time that it was recorded when a follow-up is due, a meeting may have been scheduled, or be over: nobody would come back to it. */
async function overtaken(register: RegisterThen, id: Uuid): Promise<Reaction[]> {
  const owed = register.detail(followUps, id) as unknown as OwedRow;
  const { status, dueAt, waitsFor, revision: seen } = owed;
  if (status !== 'open') return [];
  if (waitsFor) {
    const meeting = await nextMeeting(register, waitsFor, startsAfter(register, owed), originOf(register, owed));
    return meeting ? [{ command: setDue, target: id, input: { meeting, waitsFor, seen } }] : [];
  }
  const became = dueAt && register.detail(meetings, dueAt)?.['status'];
  return became === 'concluded' || became === 'cancelled' ? [await onFrom(register, dueAt as Uuid, owed)] : [];
}

const listed = async (register: RegisterThen, where: Readonly<Record<string, string>>): Promise<OwedRow[]> =>
  (await register.list(followUpsList, { ...where, status: 'open' })) as unknown as OwedRow[];

/** Where what is owed to a body goes from the meeting at which it was due: to that body's next one, where it met there, else to the convening body's. */
async function next(register: RegisterThen, from: Row, after: Row, owed: OwedRow): Promise<{ to: Uuid } | { waitsFor: Uuid }> {
  const bodies = bodiesOf(from);
  const body = bodies.includes(owed.body) ? owed.body : (bodies[0] ?? owed.body);
  const to = await nextMeeting(register, body, after, originOf(register, owed));
  return to ? { to } : { waitsFor: body };
}

/** The meeting that comes before the one at which it is due, or for which it waits: from which it was carried over, else where it was asked for. */
function startsAfter(register: RegisterThen, owed: OwedRow): Row | undefined {
  const meeting = owed.waitsAfter ?? originOf(register, owed);
  return meeting ? register.detail(meetings, meeting) : undefined;
}

/** The meeting at which it was asked for. */
const originOf = (register: RegisterThen, { from, decision }: OwedRow): Uuid | undefined =>
  decision ? (register.detail(decisions, decision)?.['meeting'] as Uuid | undefined) : from?.meeting;

/**
 * The next meeting of a body, alone or with others: the earliest that does not start before the one that it follows, else the first that does
 * not say when it starts. Where it follows one, it may have opened by the time at which that one is recorded as over.
 */
async function nextMeeting(
  register: RegisterThen,
  body: Uuid,
  after: Row | undefined,
  origin: Uuid | undefined,
): Promise<Uuid | undefined> {
  const statuses = after ? ['open', 'scheduled'] : ['scheduled'];
  const found = await Promise.all(statuses.map((status) => register.list(meetingsList, { body, status })));
  const following = found.flat().filter((row) => row.id !== after?.id && row.id !== origin && !liesBefore(row, after));
  const dated = following.filter((row) => startOf(row) !== undefined);
  dated.sort((a, b) => Date.parse(startOf(a)!) - Date.parse(startOf(b)!));
  return (dated[0] ?? following[0])?.id;
}

const startOf = (meeting: Row | undefined): string | undefined =>
  (meeting?.['starts'] ?? meeting?.['opened'] ?? undefined) as string | undefined;

/** One that was to be held before and never was: nobody would hold it, and what is owed would stay there. */
function liesBefore(meeting: Row, after: Row | undefined): boolean {
  const [starts, from] = [startOf(meeting), startOf(after)];
  if (starts === undefined || from === undefined) return false;
  // Of a day and a time, the day that the time lies on where that meeting is held.
  const zone = (isCivilDate(from) ? meeting : after)?.['zone'] ?? undefined;
  return !isBy(from, starts, zone as string | undefined);
}

/** None are known where the event that scheduled it is lost. */
const bodiesOf = (meeting: Row): readonly Uuid[] => (meeting['bodies'] ?? []) as unknown as readonly Uuid[];
