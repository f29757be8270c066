// Rule 7: what is still open when its meeting concludes is due at that body's next meeting, or waits for one to be scheduled.
import type { Uuid } from '#kernel';
import { meetings, meetingsList } from '#meetings/contracts';
import type { ProcessManager, Reaction, RegisterThen } from '#process-managers';
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
  const due = await register.list(followUpsList, { dueAt: from, status: 'open' });
  if (due.length === 0) return [];
  const onwards = await next(register, from);
  return due.map(({ id }) => ({ command, target: id, input: { from, ...onwards } }));
}

/** What waited for a meeting of this body has one now. */
async function awaited(register: RegisterThen, meeting: Uuid): Promise<Reaction[]> {
  const body = register.detail(meetings, meeting)!['body'] as Uuid;
  const waiting = await register.list(followUpsList, { waitsFor: body, status: 'open' });
  return waiting.map(({ id }) => ({ command: setDue, target: id, input: { meeting, waitsFor: body } }));
}

/** By the time that it was recorded when a follow-up is due, a meeting may have been scheduled, or be over: nobody would come back to it. */
async function overtaken(register: RegisterThen, id: Uuid): Promise<Reaction[]> {
  const { status, dueAt, waitsFor } = register.detail(followUps, id)! as unknown as { status: string; dueAt: Uuid | null; waitsFor: Uuid | null };
  if (status !== 'open') return [];
  if (waitsFor) {
    const meeting = await nextMeeting(register, waitsFor, undefined);
    return meeting ? [{ command: setDue, target: id, input: { meeting, waitsFor } }] : [];
  }
  const became = dueAt && register.detail(meetings, dueAt)!['status'];
  if (became !== 'concluded' && became !== 'cancelled') return [];
  return [{ command: became === 'concluded' ? carryOver : moveDue, target: id, input: { from: dueAt, ...(await next(register, dueAt as Uuid)) } }];
}

/** Where what was due at a meeting goes from there. */
async function next(register: RegisterThen, from: Uuid): Promise<{ to: Uuid } | { waitsFor: Uuid }> {
  const body = register.detail(meetings, from)!['body'] as Uuid;
  const to = await nextMeeting(register, body, from);
  return to ? { to } : { waitsFor: body };
}

/** The next scheduled meeting of a body: the earliest that states when it starts, else the first that was scheduled. */
async function nextMeeting(register: RegisterThen, body: Uuid, except: Uuid | undefined): Promise<Uuid | undefined> {
  const scheduled = (await register.list(meetingsList, { body, status: 'scheduled' })).filter(({ id }) => id !== except);
  const dated = scheduled.filter((row) => row['starts'] !== null).sort((a, b) => Date.parse(a['starts'] as string) - Date.parse(b['starts'] as string));
  return (dated[0] ?? scheduled[0])?.id;
}
