// The chain of a decision: what led to it, the quorum as it was taken, its corrections, what it replaced and what replaced it, and what follows from it.
import { dayIn } from '#kernel';
import type { Known, RegisterAt } from '../../register-at.js';
import { isCorrection, type Chain } from '../chain.js';
import { addDocument, addItem, addMeeting, addUnderItem, addViewsOn } from './table-side.js';

/** What of that which follows from a decision belongs to the dossier; everything where absent. */
export interface Follows {
  allocations?: readonly Known[];
  followUps?: readonly Known[];
  /** Decisions that the dossier tells like this one: they do not stand among what it replaced as well. */
  beside?: readonly Known[];
}

interface DecisionReference {
  decision: string;
}

export async function addDecision(chain: Chain, decision: Known, follows: Follows = {}): Promise<void> {
  const meeting = await addMeeting(chain, decision.get('meeting'));
  const item = addItem(chain, decision.get('item'));
  const said = item ? await addUnderItem(chain, item, decision.row.first) : new Set<string>();
  addRemarksItRestsOn(chain, decision);
  const proposal = await addProposal(chain, decision);
  for (const document of new Set([decision.get<string>('document'), proposal?.get<string>('document') ?? null]))
    addDocument(chain, document);
  const matters = [decision.get<string>('document'), proposal?.id].filter((id) => typeof id === 'string');
  if (meeting && matters.length > 0) await addViewsOn(chain, meeting.id, new Set(matters));
  await addQuorum(chain, decision);
  addItself(chain, decision);
  addReplacements(chain, decision, new Set(follows.beside?.map(({ id }) => id)));
  for (const allocation of follows.allocations ?? (await allocationsOf(chain, decision)))
    await addAllocation(chain, allocation, decision.row.first);
  for (const followUp of follows.followUps ?? (await followUpsOf(chain, decision, said))) chain.add('follow-ups', 'follow_ups', followUp);
}

/** Those that its evidence names, under whatever item they were made. */
function addRemarksItRestsOn(chain: Chain, decision: Known): void {
  for (const id of decision.get<{ remarks?: string[] }>('evidence')?.remarks ?? [])
    if (chain.named('table', 'remarks', id)) chain.addWithCorrections('table', 'remarks', id, decision.row.first);
}

interface From {
  view?: string;
  remark?: string;
}

/** From the decision, or from what was said under its item; whichever body they are owed to. */
async function followUpsOf({ register }: Chain, decision: Known, said: ReadonlySet<string>): Promise<Known[]> {
  const saidSo = (row: object): boolean => {
    const { view, remark } = (row as { from: From }).from;
    return said.has(view ?? '') || said.has(remark ?? '');
  };
  return [
    ...(await register.list('follow-ups', { decision: decision.id })),
    ...(said.size > 0 ? await register.list('follow-ups', {}, saidSo) : []),
  ];
}

/** The proposal, those that it takes up again, and what else was decided on it. */
async function addProposal(chain: Chain, decision: Known): Promise<Known | undefined> {
  const { register } = chain;
  const stream = decision.get<string>('proposal')!;
  const taken = await register.list('decisions', { proposal: stream });
  // What a decision made of the proposal is told by the decision.
  const told = new Set<number>(taken.map(({ row }) => row.first));
  const proposal = chain.named('proposal', 'proposals', stream);
  for (let at = proposal; at; at = chain.named('proposal', 'proposals', at.get<string>('takesUp'))) {
    for (const record of register.recordsOf('proposals', at.id))
      if (!told.has(record)) chain.place('proposal', record, { in: 'proposals', id: at.id });
  }
  for (const other of taken) if (other.id !== decision.id) addItself(chain, other);
  return proposal;
}

/** What took a decision out of force, or would have. */
const REPLACEMENTS = ['decision-superseded', 'decision-rescinded', 'decision-replacement-failed'];

/** The decision as it was taken, and who may see it; its corrections; and what took it out of force. */
function addItself(chain: Chain, decision: Known): void {
  const of = { in: 'decisions', id: decision.id };
  const [first, ...later] = chain.register.recordsOf('decisions', decision.id);
  if (!first) return;
  chain.place('decision', first, of, (pointer) => !isQuorum(pointer));
  for (const record of later) {
    const type = chain.register.typeOf(record);
    chain.place(isCorrection(type) ? 'corrections' : REPLACEMENTS.includes(type!) ? 'replacement' : 'decision', record, of);
  }
}

const isQuorum = (pointer: string): boolean => pointer.startsWith('/quorum/');

/**
 * Who was present, as the register had it when the decision was recorded, and the quorum that was stored with it; never rewritten. What was
 * recorded of the attendance later stands apart: its corrections, and who left or came.
 */
async function addQuorum(chain: Chain, decision: Known): Promise<void> {
  const { register } = chain;
  const { first } = decision.row;
  const then = register.asOf(first);
  for (const at of [then, register]) {
    for (const { id } of await at.list('attendance', { meeting: decision.get<string>('meeting')! })) {
      for (const record of register.recordsOf('attendance', id)) {
        const link = record <= first ? 'quorum' : isCorrection(register.typeOf(record)) ? 'corrections' : 'attendance-since';
        chain.place(link, record, { in: 'attendance', id });
      }
    }
  }
  const zone = zoneIn(register, 'meetings', decision.get('meeting')) ?? zoneIn(register, 'bodies', decision.get('body'));
  const takenOn = dayIn(decision.get<string>('takenOn')!, zone);
  const inForce = (await then.list('body-rules', { body: decision.get<string>('body')! }))
    .filter((rules) => rules.get<string>('inForceFrom')! <= takenOn)
    .sort((a, b) => (a.get<string>('inForceFrom')! < b.get<string>('inForceFrom')! ? -1 : 1));
  chain.add('quorum', 'body_rules', inForce.at(-1));
  chain.place('quorum', first, { in: 'decisions', id: decision.id }, isQuorum);
}

const zoneIn = (register: Chain['register'], table: 'meetings' | 'bodies', id: string | null): string | undefined =>
  register.detail(table, id)?.get<string>('zone') ?? undefined;

/** Both ways, as far as it goes. */
function addReplacements(chain: Chain, decision: Known, seen: Set<string>): void {
  seen.add(decision.id);
  const references = [
    ...(decision.get<DecisionReference[]>('supersedes') ?? []),
    ...(decision.get<DecisionReference[]>('rescinds') ?? []),
    decision.get<DecisionReference>('replacedBy'),
  ];
  for (const reference of references) {
    const other = reference && chain.named('replacement', 'decisions', reference.decision);
    if (!other || seen.has(other.id)) continue;
    chain.add('replacement', 'decisions', other);
    addReplacements(chain, other, seen);
  }
}

/** Those that it covers, and those of which it settled or returned what an earlier decision had covered. */
async function allocationsOf(chain: Chain, decision: Known): Promise<Known[]> {
  const { register } = chain;
  const covered = (decision.get<string[]>('allocations') ?? []).flatMap((id) => chain.named('seats', 'seat_allocations', id) ?? []);
  const settled = await register.list('seat-allocations', { decision: decision.id });
  const returned = [...(decision.get<DecisionReference[]>('supersedes') ?? []), ...(decision.get<DecisionReference[]>('rescinds') ?? [])]
    .flatMap((earlier) => register.recorded('decisions', earlier.decision)?.get<string[]>('allocations') ?? [])
    .filter((id) => decisionsOn(register, id).has(decision.id))
    .flatMap((id) => register.recorded('seat_allocations', id) ?? []);
  return [...new Map([...covered, ...settled, ...returned].map((each) => [each.id, each])).values()];
}

/** The ids of all that approved or returned it, also before it was proposed anew, or would have; in the order of recording. */
function decisionsOn(register: RegisterAt, allocation: string): ReadonlySet<string> {
  const versions = register.history('seat_allocations', allocation) as readonly { decision?: unknown; alsoDecidedBy?: unknown }[];
  const ids = [...versions].reverse().flatMap(({ decision, alsoDecidedBy }) => [decision, alsoDecidedBy]);
  return new Set(ids.filter((id) => typeof id === 'string'));
}

/** The decisions that covered the allocation; those that took these back are told with them. Where the reader sees none of the former, the latter. */
export function decisionsAbout(chain: Chain, allocation: Known): readonly Known[] {
  const all = [...decisionsOn(chain.register, allocation.id)].flatMap((id) => chain.named('decision', 'decisions', id) ?? []);
  const covering = all.filter((decision) => decision.get<string[]>('allocations')?.includes(allocation.id));
  return covering.length > 0 ? covering : all;
}

/**
 * The allocation, its seats and who holds them, and the quota within which it lies.
 * @param since the record of what was decided on it: the seats that it had then belong to it, also where it was proposed anew without them
 */
export async function addAllocation(chain: Chain, allocation: Known, since: number): Promise<void> {
  const { register } = chain;
  const [body, region] = [allocation.get<string>('body')!, allocation.get<string>('region')!];
  for (const quota of await register.list('seat-quotas', { body, region })) chain.add('seats', 'seat_quotas', quota);
  chain.add('seats', 'seat_allocations', allocation);
  for (const at of [register.asOf(since), register])
    for (const seat of await at.list('seats', { allocation: allocation.id })) chain.add('seats', 'seats', seat);
}
