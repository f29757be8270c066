// Rule 7: what is still open when its meeting concludes is due at that body's next meeting, or waits for one to be scheduled.
import type { Uuid } from '#kernel';
import { meetings, meetingsList } from '#meetings/contracts';
import type { ProcessManager, Reaction, RegisterThen } from '#process-managers';
import { followUpsList } from './follow-ups.projection.js';
import { carryOver, moveDue, setDue } from './settle-follow-up.js';

export const carryOverManager: ProcessManager = {
  name: 'follow-up-carry-over',
  triggers: ['meeting-concluded', 'meeting-cancelled', 'meeting-scheduled', 'follow-up-assigned'],
  async react({ type, streamId, data }, register): Promise<Reaction[]> {
    switch (type) {
      case 'meeting-concluded':
        return moved(register, streamId, carryOver);
      case 'meeting-cancelled':
        return moved(register, streamId, moveDue);
      case 'meeting-scheduled':
        return awaited(register, streamId);
      default: {
        const body = (data as { due?: { nextMeetingOf?: Uuid } }).due?.nextMeetingOf;
        const meeting = body && (await nextMeeting(register, body, undefined));
        return meeting ? [{ command: setDue, target: streamId, input: { meeting, waitsFor: body } }] : [];
      }
    }
  },
};

/** Everything open that was due at a meeting goes to the next one of its body. */
async function moved(register: RegisterThen, from: Uuid, command: typeof carryOver): Promise<Reaction[]> {
  const due = await register.list(followUpsList, { dueAt: from, status: 'open' });
  if (due.length === 0) return [];
  const body = register.detail(meetings, from)!['body'] as Uuid;
  const to = await nextMeeting(register, body, from);
  return due.map(({ id }) => ({ command, target: id, input: { from, ...(to ? { to } : { waitsFor: body }) } }));
}

/** What waited for a meeting of this body has one now. */
async function awaited(register: RegisterThen, meeting: Uuid): Promise<Reaction[]> {
  const body = register.detail(meetings, meeting)!['body'] as Uuid;
  const waiting = await register.list(followUpsList, { waitsFor: body, status: 'open' });
  return waiting.map(({ id }) => ({ command: setDue, target: id, input: { meeting, waitsFor: body } }));
}

/** The next scheduled meeting of a body: the earliest that states when it starts, else the first that was scheduled. */
async function nextMeeting(register: RegisterThen, body: Uuid, except: Uuid | undefined): Promise<Uuid | undefined> {
  const scheduled = (await register.list(meetingsList, { body, status: 'scheduled' })).filter(({ id }) => id !== except);
  const dated = scheduled.filter((row) => row['starts'] !== null).sort((a, b) => Date.parse(a['starts'] as string) - Date.parse(b['starts'] as string));
  return (dated[0] ?? scheduled[0])?.id;
}
