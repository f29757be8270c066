// The meeting at which something was proposed or decided, as a command looks at it.
import type { Look, Refusal, Uuid } from '#kernel';
import { meeting, meetingRefusals, type MeetingState } from '#meetings/contracts';

export async function lookAtMeeting<Id extends Uuid | undefined>(
  input: { meeting?: Id },
  look: Look,
): Promise<{ meeting: MeetingState | undefined } | Refusal> {
  if (!input.meeting) return { meeting: undefined };
  const found = await look.at(meeting, input.meeting);
  return found
    ? { meeting: found }
    : meetingRefusals['unknown-meeting'](`There is no meeting ${input.meeting}.`, {
        fields: [{ field: 'meeting', reason: 'is no meeting' }],
      });
}
