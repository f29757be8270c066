// Where the chain of each kind of subject begins.
import type { Known } from '../../register-at.js';
import type { Chain } from '../chain.js';
import type { Subject } from '../dossier.js';
import { addAllocation, addDecision, decisionsAbout } from './decision-side.js';
import { addDocument, addItem, addMeeting, addReview, addUnderItem, addViewsOn } from './table-side.js';

export const GATHER: Readonly<Record<Subject, (chain: Chain, subject: Known) => Promise<void>>> = {
  decisions: (chain, decision) => addDecision(chain, decision),
  seats: gatherSeat,
  follow_ups: gatherFollowUp,
  documents: gatherDocument,
};

async function gatherSeat(chain: Chain, seat: Known): Promise<void> {
  const allocation = chain.named('seats', 'seat_allocations', seat.get<string>('allocation'));
  chain.add('seats', 'seats', seat);
  if (!allocation) return;
  const decisions = decisionsAbout(chain, allocation);
  for (const decision of decisions) await addDecision(chain, decision, { allocations: [allocation], beside: decisions });
  if (decisions.length > 0) return;
  await addMeeting(chain, allocation.get('meeting'));
  const item = addItem(chain, allocation.get('item'));
  if (item) await addUnderItem(chain, item, allocation.row.first);
  await addAllocation(chain, allocation, allocation.row.first);
}

interface From {
  decision?: string;
  view?: string;
  remark?: string;
  meeting?: string;
}

async function gatherFollowUp(chain: Chain, followUp: Known): Promise<void> {
  const { register } = chain;
  const from = followUp.get<From>('from')!;
  chain.add('follow-ups', 'follow_ups', followUp);
  const decision = chain.named('decision', 'decisions', from.decision);
  if (decision) await addDecision(chain, decision, { followUps: [followUp] });
  for (const [table, id] of [
    ['views', from.view],
    ['remarks', from.remark],
  ] as const) {
    const source = chain.named('table', table, id);
    if (!source) continue;
    await addMeeting(chain, source.get('meeting'));
    addItem(chain, source.get('item'));
    chain.addWithCorrections('table', table, source.id, followUp.row.first);
  }
  // Each meeting at which it was due.
  for (const { dueAt } of register.history('follow_ups', followUp.id) as readonly { dueAt?: unknown }[]) {
    chain.add('meeting', 'meetings', chain.named('meeting', 'meetings', dueAt as string | null));
  }
}

/** Wherever it was presented, considered, proposed on or decided on, whichever body did it. */
async function gatherDocument(chain: Chain, document: Known): Promise<void> {
  const { register } = chain;
  addDocument(chain, document.id);
  for (const child of await register.list('documents', {}, concerns('parent', document.id))) chain.add('documents', 'documents', child);
  const matters = new Map<string, Set<string>>();
  const at = async (row: Known): Promise<void> => {
    const meeting = row.get<string>('meeting');
    if (meeting === null) return;
    if (!matters.has(meeting)) await addMeeting(chain, meeting);
    matters.set(meeting, (matters.get(meeting) ?? new Set([document.id])).add(row.id));
    addItem(chain, row.get('item'));
  };
  for (const review of await register.list('reviews', { document: document.id })) {
    addReview(chain, review);
    await at(review);
  }
  for (const presentation of await register.list('proceedings', {}, concerns('document', document.id))) {
    chain.add('table', 'proceedings', presentation);
    await at(presentation);
  }
  for (const proposal of await register.list('proposals', {}, concerns('document', document.id))) {
    chain.add('proposal', 'proposals', proposal);
    await at(proposal);
  }
  for (const decision of await register.list('decisions', {}, concerns('document', document.id))) await addDecision(chain, decision);
  for (const [meeting, ids] of matters) await addViewsOn(chain, meeting, ids);
}

const concerns =
  (column: string, id: string) =>
  (row: object): boolean =>
    (row as Record<string, unknown>)[column] === id;
