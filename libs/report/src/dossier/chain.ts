// Which records make up a dossier, link by link, before any event is read.
import type { Known, RegisterAt } from '../register-at.js';
import type { EntityReference, LinkName } from './dossier.js';

/** A record in a link of the chain. */
export interface Placed {
  record: number;
  of: EntityReference[];
  /** Whether the link shows the part of the event to which a pointer leads. */
  shows: (pointer: string) => boolean;
}

const everything = (): boolean => true;

export class Chain {
  /** Links in which something is named that the reader may not see. */
  readonly withheld = new Set<LinkName>();
  private readonly links = new Map<LinkName, Map<number, Placed>>();

  constructor(readonly register: RegisterAt) {}

  place(link: LinkName, record: number, of: EntityReference, shows: Placed['shows'] = everything): void {
    const records = this.links.get(link) ?? new Map<number, Placed>();
    this.links.set(link, records);
    const placed = records.get(record);
    if (!placed) records.set(record, { record, of: [of], shows });
    else if (!placed.of.some(({ id }) => id === of.id)) placed.of.push(of);
  }

  /**
   * What something in the chain names, also where it was struck since; where it is kept from the reader, the link shows that something is, and
   * nothing of it.
   */
  named(link: LinkName, table: string, id: string | null | undefined): Known | undefined {
    const known = this.register.recorded(table, id);
    if (!known && id && this.register.isHidden(table, id)) this.withheld.add(link);
    return known;
  }

  /** The entity, with every record of its history up to the moment. Nothing where there is none, or not for the reader. */
  add(link: LinkName, table: string, known: Known | undefined): void {
    if (!known) return;
    for (const record of this.register.recordsOf(table, known.id)) this.place(link, record, { in: table, id: known.id });
  }

  /** Likewise; what corrected or struck the entity after a record, that of what rests on it, stands among the corrections. */
  addWithCorrections(link: LinkName, table: string, id: string, since: number): void {
    for (const record of this.register.recordsOf(table, id)) {
      const isLater = record > since && isCorrection(this.register.typeOf(record));
      this.place(isLater ? 'corrections' : link, record, { in: table, id });
    }
  }

  /** Whether the record lies in some link already. */
  has(record: number): boolean {
    return [...this.links.values()].some((records) => records.has(record));
  }

  /** In the order of recording. */
  in(link: LinkName): Placed[] {
    return [...(this.links.get(link)?.values() ?? [])].sort((a, b) => a.record - b.record);
  }
}

/** What corrects or strikes something, and the doubt that a correction casts on a quorum. */
export const isCorrection = (type: string | undefined): boolean => corrects(type) || type === 'quorum-questioned';

/** What corrects or strikes something. */
export const corrects = (type: string | undefined): boolean => type?.endsWith('-corrected') ?? false;
