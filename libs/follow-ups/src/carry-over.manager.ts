// Rule 7: what is still open when its meeting concludes is due at that body's next meeting, or waits for one to be scheduled.
import { decisions } from '#decisions/contracts';
import { isBy, type Revision, type Uuid } from '#kernel';
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
        return moved(register, streamId, carryOver);
      case 'meeting-cancelled':
        return moved(register, streamId, moveDue);
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
  decision: Uuid | null;
}

/** Everything open that was due at a meeting goes to the next one of its body. */
async function moved(register: RegisterThen, from: Uuid, command: typeof carryOver): Promise<Reaction[]> {
  const reactions: Reaction[] = [];
  for (const owed of await listed(register, { dueAt: from })) {
    reactions.push({ command, target: owed.id, input: { from, ...(await next(register, from, owed.body)), seen: owed.revision } });
  }
  return reactions;
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
  const { body, status, dueAt, waitsFor, revision: seen } = owed;
  if (status !== 'open') return [];
  if (waitsFor) {
    const meeting = await nextMeeting(register, waitsFor, startsAfter(register, owed));
    return meeting ? [{ command: setDue, target: id, input: { meeting, waitsFor, seen } }] : [];
  }
  const became = dueAt && register.detail(meetings, dueAt)?.['status'];
  if (became !== 'concluded' && became !== 'cancelled') return [];
  return [
    {
      command: became === 'concluded' ? carryOver : moveDue,
      target: id,
      input: { from: dueAt, ...(await next(register, dueAt as Uuid, body)), seen },
    },
  ];
}

const listed = async (register: RegisterThen, where: Readonly<Record<string, string>>): Promise<OwedRow[]> =>
  (await register.list(followUpsList, { ...where, status: 'open' })) as unknown as OwedRow[];

/** Where what is owed to a body goes from the meeting at which it was due: to that body's next one, where it met there, else to the convening body's. */
async function next(register: RegisterThen, from: Uuid, owedTo: Uuid): Promise<{ to: Uuid } | { waitsFor: Uuid }> {
  const meeting = register.detail(meetings, from)!;
  const bodies = bodiesOf(meeting);
  const body = bodies.includes(owedTo) ? owedTo : (bodies[0] ?? owedTo);
  const to = await nextMeeting(register, body, meeting);
  return to ? { to } : { waitsFor: body };
}

/** The meeting that comes before the one for which it waits: where it was due until then, else where it was asked for. */
function startsAfter(register: RegisterThen, { waitsAfter, decision }: OwedRow): Row | undefined {
  const meeting = waitsAfter ?? (decision && (register.detail(decisions, decision)?.['meeting'] as Uuid | undefined));
  return meeting ? register.detail(meetings, meeting) : undefined;
}

/** The next scheduled meeting of a body, alone or with others: the earliest that does not start before the one that it follows, else the first that does not say when it starts. */
async function nextMeeting(register: RegisterThen, body: Uuid, after: Row | undefined): Promise<Uuid | undefined> {
  const scheduled = (await register.list(meetingsList, { body, status: 'scheduled' })).filter(
    (row) => row.id !== after?.id && !liesBefore(row, after),
  );
  const dated = scheduled
    .filter((row) => row['starts'] !== null)
    .sort((a, b) => Date.parse(a['starts'] as string) - Date.parse(b['starts'] as string));
  return (dated[0] ?? scheduled[0])?.id;
}

/** One that was to be held before and never was: nobody would hold it, and what is owed would stay there. */
function liesBefore(meeting: Row, after: Row | undefined): boolean {
  const [starts, from] = [meeting['starts'], after?.['starts'] ?? after?.['opened']] as (string | null | undefined)[];
  return typeof starts === 'string' && typeof from === 'string' && !isBy(from, starts);
}

/** None are known where the event that scheduled it is lost. */
const bodiesOf = (meeting: Row): readonly Uuid[] => (meeting['bodies'] ?? []) as unknown as readonly Uuid[];
