// Composes a dossier: gathers the records of the chain, reads their events, and takes every value with its place. Knows no language.
import type { ShownRecord } from '#audit/contracts';
import type { RegisterAt } from '../register-at.js';
import { Chain, corrects, type Placed } from './chain.js';
import {
  LINKS,
  type Concerned,
  type Dossier,
  type EntityReference,
  type Entry,
  type Fact,
  type Link,
  type LinkName,
  type Name,
  type Subject,
} from './dossier.js';
import type { Events } from './events.js';
import { factsOf } from './facts.js';
import { GATHER } from './gather/subjects.js';
import { judgedBy, namedBy, Names, streamOf, whoIsNamedIn } from './names.js';

/** Undefined where there is no such entity, or not for this reader. @throws Unreadable */
export async function composeDossier(subject: Subject, id: string, register: RegisterAt, events: Events): Promise<Dossier | undefined> {
  const known = register.detail(subject, id);
  if (!known) return undefined;
  const chain = new Chain(register);
  await GATHER[subject](chain, known);
  const composing = new Composing(chain, events);
  const links: Link[] = [];
  for (const name of LINKS) {
    const entries = name === 'mentions' ? await composing.mentions() : await composing.entries(name, chain.in(name));
    if (entries.length > 0) links.push({ name, entries });
  }
  const title = await composing.names.of({ in: subject, id });
  const withheld = LINKS.filter((name) => chain.withheld.has(name));
  return {
    asOf: register.moment.record,
    subject: { in: subject, id },
    title: title?.texts,
    incomplete: register.isIncomplete,
    withheld,
    links,
  };
}

class Composing {
  readonly names: Names;
  /** What facts name, in the order in which it came up. */
  private readonly mentioned = new Map<string, EntityReference>();

  constructor(
    private readonly chain: Chain,
    private readonly events: Events,
  ) {
    this.names = new Names(chain.register, events);
  }

  async entries(link: LinkName, placed: readonly Placed[]): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const each of placed) {
      const entry = await this.entry(link, each);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  /** Who and what the dossier names elsewhere, and those name in turn: the records that say who and what they are. */
  async mentions(): Promise<Entry[]> {
    const placed = new Map<number, Placed>();
    const entries: Entry[] = [];
    // Grows while it is walked.
    for (const of of this.mentioned.values()) {
      for (const record of this.chain.register.recordsOf(of.in, of.id)) {
        if (this.chain.has(record) || placed.has(record)) continue;
        const each = { record, of: [of], shows: () => true };
        placed.set(record, each);
        entries.push(...(await this.entries('mentions', [each])));
      }
    }
    return entries.sort((a, b) => a.event.record - b.event.record);
  }

  /** Undefined where the reader may not see all of which the record tells. */
  private async entry(link: LinkName, { record, of, shows }: Placed): Promise<Entry | undefined> {
    const event = await this.events.of(record);
    if (!event) {
      this.chain.withheld.add(link);
      return undefined;
    }
    const facts: Fact[] = [];
    for (const fact of factsOf(event.data)) {
      if (!shows(fact.pointer)) continue;
      if (this.isHidden(event, fact)) {
        this.chain.withheld.add(link);
        continue;
      }
      facts.push(fact);
      const name = await this.name(namedBy(event.type, event.data, fact.pointer, fact.value), of);
      if (name) fact.name = name;
    }
    const concerned: Concerned[] = [];
    for (const each of of) concerned.push(await this.concerned(each, record));
    return { event, of: concerned, within: await this.name(streamOf(event.stream, this.chain.register), of), facts };
  }

  /** What the record is about, with what the reader may see of who and what that is, and what became of it later. */
  private async concerned(of: EntityReference, record: number): Promise<Concerned> {
    const { register } = this.chain;
    const known = register.recorded(of.in, of.id);
    const records = register.recordsOf(of.in, of.id);
    const first = records[0] ?? record;
    const later = records.filter((each) => each > record && corrects(register.typeOf(each)));
    const struckBy = later.find((each) => each === known?.endedBy);
    return {
      ...of,
      first,
      correctedBy: later.filter((each) => each !== struckBy),
      struckBy,
      ...(known && record > first && { who: await this.name(whoIsNamedIn(known.row), [of]), name: await this.names.of(of) }),
    };
  }

  private isHidden(event: ShownRecord, { pointer, value }: Fact): boolean {
    const named = judgedBy(event.type, event.data, pointer, value);
    return named !== undefined && this.chain.register.isHidden(named.in, named.id);
  }

  /** The name of what is named, unless the entry itself is about that. */
  private async name(named: EntityReference | undefined, of: readonly EntityReference[]): Promise<Name | undefined> {
    if (!named || of.some(({ id }) => id === named.id)) return undefined;
    const name = await this.names.of(named);
    if (name) this.mentioned.set(`${named.in}/${named.id}`, named);
    return name;
  }
}
