// Rule 3: where the attendance of a meeting is corrected, the quorums that rest on it are in question, and stay as they were.
import { bodies } from '#bodies/contracts';
import { isBy, type Occurred, type Uuid } from '#kernel';
import { attendance, attendanceList, isCountOf, meetings } from '#meetings/contracts';
import type { Reaction, RegisterThen } from '#process-managers';
import type { ProjectedEvent } from '#read-models';
import { questionQuorum } from './after-decision.js';
import { decisionsList } from './decisions.projection.js';
import type { QuorumTaken } from './proposal.events.js';

/** Corrections of anything else leave a count as it is. */
const COUNTING = ['struck', 'present', 'entitled', 'as', 'arrived', 'left'] as const;

export async function questionQuorums({ streamId, data }: ProjectedEvent, register: RegisterThen): Promise<Reaction[]> {
  const corrected = data['attendance'] as Uuid;
  if (COUNTING.every((field) => !(field in data))) return [];
  const counts = await countsBefore(register, streamId, corrected);
  const byStream = new Map<Uuid, Uuid[]>();
  for (const row of await register.list(decisionsList, { meeting: streamId })) {
    const { id, body, first, proposal, quorum, takenOn } = row as unknown as {
      id: Uuid;
      body: Uuid;
      first: number;
      proposal: Uuid;
      quorum: QuorumTaken;
      takenOn: Occurred;
    };
    const zone = zoneOf(register, streamId, body);
    const isCounted = counts.some((count) => isCountOf(count.bodies, body) && count.first < first && isBy(count.occurredAt, takenOn, zone));
    if (quorum.present !== undefined && !isCounted) byStream.set(proposal, [...(byStream.get(proposal) ?? []), id]);
  }
  return [...byStream].map(([target, decisions]) => ({
    command: questionQuorum,
    target,
    input: { decisions, meeting: streamId, attendance: corrected },
  }));
}

/** In which the day of a decision was reckoned when its quorum was counted. */
const zoneOf = (register: RegisterThen, meeting: Uuid, body: Uuid): string | undefined =>
  (register.detail(meetings, meeting)?.['zone'] ?? register.detail(bodies, body)?.['zone'] ?? undefined) as string | undefined;

interface CountRow {
  first: number;
  occurredAt: Occurred;
  bodies: readonly Uuid[] | null;
}

/** Names count only where no count was stated by then: a correction of one concerns no decision that rests on a count. */
async function countsBefore(register: RegisterThen, meeting: Uuid, corrected: Uuid): Promise<readonly CountRow[]> {
  if (register.detail(attendance, corrected)?.['kind'] !== 'named') return [];
  return (await register.list(attendanceList, { meeting, kind: 'stated' })) as unknown as CountRow[];
}
