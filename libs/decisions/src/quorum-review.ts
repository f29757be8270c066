// Rule 3: where the attendance of a meeting is corrected, the quorums that rest on it are in question, and stay as they were.
import type { Uuid } from '#kernel';
import { attendance, attendanceList } from '#meetings/contracts';
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
  const before = await countedFrom(register, streamId, corrected);
  const byStream = new Map<Uuid, Uuid[]>();
  for (const row of await register.list(decisionsList, { meeting: streamId })) {
    const { id, first, proposal, quorum } = row as unknown as { id: Uuid; first: number; proposal: Uuid; quorum: QuorumTaken };
    if (quorum.present !== undefined && first < before) byStream.set(proposal, [...(byStream.get(proposal) ?? []), id]);
  }
  return [...byStream].map(([target, decisions]) => ({ command: questionQuorum, target, input: { decisions, meeting: streamId, attendance: corrected } }));
}

/** Names count only while no count is stated: a correction of one concerns what was decided before the first. */
async function countedFrom(register: RegisterThen, meeting: Uuid, corrected: Uuid): Promise<number> {
  if (register.detail(attendance, corrected)?.['kind'] !== 'named') return Infinity;
  return Math.min(...(await register.list(attendanceList, { meeting, kind: 'stated' })).map(({ first }) => first));
}
