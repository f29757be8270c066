// Rule 7: what is still open when its meeting concludes is due at that body's next meeting, or waits for one to be scheduled.
import type { Uuid } from '#kernel';
import { meetings, meetingsList } from '#meetings/contracts';
import type { ProcessManager, Reaction, RegisterThen } from '#process-managers';
import type { Row } from '#read-models';
import { followUps, followUpsList } from './follow-ups.projection.js';
import { carryOver, moveDue, setDue } from './settle-follow-up.js';

export const carryOverManager: ProcessManager = {
  name: 'follow-up-carry-over',
  triggers: [
    'meeting-concluded', 'meeting-cancelled', 'meeting-scheduled', 'meeting-postponed',
    'follow-up-assigned', 'follow-up-carried-over', 'follow-up-due-moved', 'follow-up-due-set',
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

/** Everything open that was due at a meeting goes to the next one of its body. */
async function moved(register: RegisterThen, from: Uuid, command: typeof carryOver): Promise<Reaction[]> {
  const reactions: Reaction[] = [];
  for (const { id, body } of (await register.list(followUpsList, { dueAt: from, status: 'open' })) as (Row & { body: Uuid })[]) {
    reactions.push({ command, target: id, input: { from, ...(await next(register, from, body)) } });
  }
  return reactions;
}

/** What waited for a meeting of one of these bodies has one now. */
async function awaited(register: RegisterThen, meeting: Uuid): Promise<Reaction[]> {
  const reactions: Reaction[] = [];
  for (const body of bodiesOf(register.detail(meetings, meeting)!)) {
    for (const { id } of await register.list(followUpsList, { waitsFor: body, status: 'open' })) reactions.push({ command: setDue, target: id, input: { meeting, waitsFor: body } });
  }
  return reactions;
}

/** By the time that it was recorded when a follow-up is due, a meeting may have been scheduled, or be over: nobody would come back to it. */
async function overtaken(register: RegisterThen, id: Uuid): Promise<Reaction[]> {
  const { body, status, dueAt, waitsFor } = register.detail(followUps, id)! as unknown as { body: Uuid; status: string; dueAt: Uuid | null; waitsFor: Uuid | null };
  if (status !== 'open') return [];
  if (waitsFor) {
    const meeting = await nextMeeting(register, waitsFor, undefined);
    return meeting ? [{ command: setDue, target: id, input: { meeting, waitsFor } }] : [];
  }
  const became = dueAt && register.detail(meetings, dueAt)!['status'];
  if (became !== 'concluded' && became !== 'cancelled') return [];
  return [{ command: became === 'concluded' ? carryOver : moveDue, target: id, input: { from: dueAt, ...(await next(register, dueAt as Uuid, body)) } }];
}

/** Where what is owed to a body goes from the meeting at which it was due: to that body's next one, where it met there, else to the convening body's. */
async function next(register: RegisterThen, from: Uuid, owedTo: Uuid): Promise<{ to: Uuid } | { waitsFor: Uuid }> {
  const bodies = bodiesOf(register.detail(meetings, from)!);
  const body = bodies.includes(owedTo) ? owedTo : bodies[0]!;
  const to = await nextMeeting(register, body, from);
  return to ? { to } : { waitsFor: body };
}

/** The next scheduled meeting of a body, alone or with others: the earliest that states when it starts, else the first that was scheduled. */
async function nextMeeting(register: RegisterThen, body: Uuid, except: Uuid | undefined): Promise<Uuid | undefined> {
  const scheduled = (await register.list(meetingsList, { status: 'scheduled' })).filter((row) => row.id !== except && bodiesOf(row).includes(body));
  const dated = scheduled.filter((row) => row['starts'] !== null).sort((a, b) => Date.parse(a['starts'] as string) - Date.parse(b['starts'] as string));
  return (dated[0] ?? scheduled[0])?.id;
}

const bodiesOf = (meeting: Row): readonly Uuid[] => meeting['bodies'] as unknown as readonly Uuid[];
