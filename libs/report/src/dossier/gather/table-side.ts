// What happened at the table on a matter: its meeting and agenda item, what was said under it, and the documents that were considered.
import type { Known } from '../../register-at.js';
import type { Chain } from '../chain.js';

/** The meeting, with those in the chair and its sittings. */
export async function addMeeting(chain: Chain, id: string | null): Promise<Known | undefined> {
  const meeting = chain.named('meeting', 'meetings', id);
  if (!meeting) return undefined;
  chain.add('meeting', 'meetings', meeting);
  for (const list of ['sittings', 'chairings'])
    for (const row of await chain.register.list(list, { meeting: meeting.id })) chain.add('meeting', list, row);
  return meeting;
}

/** The item, and those in which it lies. */
export function addItem(chain: Chain, id: string | null): Known | undefined {
  const item = chain.named('agenda', 'agenda_items', id);
  for (let at = item; at; at = chain.named('agenda', 'agenda_items', at.get<string>('parent'))) chain.add('agenda', 'agenda_items', at);
  return item;
}

/**
 * Everything that is recorded under an item, but its decisions. Answers the ids of the remarks and views among it.
 * @param since the record of what was decided under the item: what stood then belongs to it, whatever became of it
 */
export async function addUnderItem(chain: Chain, item: Known, since: number): Promise<ReadonlySet<string>> {
  const { register } = chain;
  const said = new Set<string>();
  for (const at of [register.asOf(since), register]) {
    for (const { id } of await at.list('remarks', { item: item.id })) {
      chain.addWithCorrections('table', 'remarks', id, since);
      said.add(id);
    }
  }
  for (const list of ['views', 'proceedings']) {
    for (const row of await register.list(list, { item: item.id })) {
      chain.add('table', list, row);
      said.add(row.id);
    }
  }
  const meeting = item.get<string>('meeting')!;
  for (const review of await register.list('reviews', { meeting })) if (review.get('item') === item.id) addReview(chain, review);
  for (const proposal of await register.list('proposals', { meeting }))
    if (proposal.get('item') === item.id) chain.add('table', 'proposals', proposal);
  return said;
}

/** A document that was considered, and the document itself. */
export function addReview(chain: Chain, review: Known): void {
  chain.add('documents', 'reviews', review);
  addDocument(chain, review.get('document'));
}

/** The document, and the plans that it carries out. */
export function addDocument(chain: Chain, id: string | null): void {
  const seen = new Set<string>();
  for (
    let at = chain.named('documents', 'documents', id);
    at && !seen.has(at.id);
    at = chain.named('documents', 'documents', at.get<string>('parent'))
  ) {
    seen.add(at.id);
    chain.add('documents', 'documents', at);
  }
}

interface On {
  id: string;
}

/** Views expressed at a meeting on one of these things. */
export async function addViewsOn(chain: Chain, meeting: string, ids: ReadonlySet<string>): Promise<void> {
  for (const view of await chain.register.list('views', { meeting }))
    if (ids.has(view.get<On>('on')?.id ?? '')) chain.add('table', 'views', view);
}
