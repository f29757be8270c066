// Names of what a row mentions by id, and parties: registered persons and delegations, or words.
import type { LocalizedText } from '#kernel';
import type { Known, RegisterAt } from '../register-at.js';
import { texts, type Origin, type Value } from '../values.js';

export interface PartyShown {
  person?: string;
  organisation?: string;
  named?: LocalizedText;
}

/** Remembers which entities a report mentions, so that its annex can say who and what they are. */
export class Mentions {
  private readonly ids = new Map<string, Set<string>>();

  constructor(private readonly register: RegisterAt) {}

  /** The name or title of an entity; undefined where the reader may not see it. */
  name(table: string, id: string | null | undefined): Value | undefined {
    const known = this.register.detail(table, id);
    if (!known || !id) return undefined;
    const ids = this.ids.get(table) ?? new Set();
    this.ids.set(table, ids.add(id));
    return known.texts('title' in known.row ? 'title' : 'name');
  }

  /** The name of what a column mentions. */
  of(row: Known, column: string, table: string): Value | undefined {
    return this.name(table, row.get<string>(column));
  }

  party(party: PartyShown | null, origin: Origin): Value | undefined {
    if (!party) return undefined;
    if (party.named) return texts(party.named, origin);
    return party.person ? this.name('persons', party.person) : this.name('organisations', party.organisation);
  }

  parties(parties: readonly PartyShown[] | null, origin: Origin): Value[] | undefined {
    const named = (parties ?? []).flatMap((party) => this.party(party, origin) ?? []);
    return named.length > 0 ? named : undefined;
  }

  /** Everything of a table that was mentioned, in the order of recording. */
  mentioned(table: string): Known[] {
    return [...(this.ids.get(table) ?? [])].map((id) => this.register.detail(table, id)!).sort((a, b) => a.row.first - b.row.first);
  }
}
