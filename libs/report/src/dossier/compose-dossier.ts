// Composes a dossier: gathers the records of the chain, reads their events, and takes every value with its place. Knows no language.
import type { RegisterAt } from '../register-at.js';
import { Chain, recordsOf, type Placed } from './chain.js';
import { LINKS, type Dossier, type EntityReference, type Entry, type Link, type Name, type Subject } from './dossier.js';
import type { Events } from './events.js';
import { factsOf } from './facts.js';
import { GATHER } from './gather/subjects.js';
import { namedBy, Names, streamOf } from './names.js';

/** Undefined where there is no such entity, or not for this reader. @throws Unreadable */
export async function composeDossier(subject: Subject, id: string, register: RegisterAt, events: Events): Promise<Dossier | undefined> {
  const known = register.detail(subject, id);
  if (!known) return undefined;
  const chain = new Chain(register);
  await GATHER[subject](chain, known);
  const composing = new Composing(chain, events);
  const links: Link[] = [];
  for (const name of LINKS) {
    const entries = name === 'mentions' ? await composing.mentions() : await composing.entries(chain.in(name));
    if (entries.length > 0) links.push({ name, entries });
  }
  const title = await composing.names.of({ in: subject, id });
  return { asOf: register.moment.record, subject: { in: subject, id }, title: title?.texts, incomplete: register.isIncomplete, links };
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

  async entries(placed: readonly Placed[]): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const each of placed) {
      const entry = await this.entry(each);
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
      for (const record of recordsOf(this.chain.register, of.in, of.id)) {
        if (this.chain.has(record) || placed.has(record)) continue;
        const each = { record, of: [of], shows: () => true };
        placed.set(record, each);
        entries.push(...(await this.entries([each])));
      }
    }
    return entries.sort((a, b) => a.event.record - b.event.record);
  }

  /** Undefined where the reader may not see all that the record touched. */
  private async entry({ record, of, shows }: Placed): Promise<Entry | undefined> {
    const event = await this.events.of(record);
    if (!event) return undefined;
    const facts = factsOf(event.data).filter(({ pointer }) => shows(pointer));
    for (const fact of facts) {
      const name = await this.name(namedBy(event.type, event.data, fact.pointer, fact.value), of);
      if (name) fact.name = name;
    }
    return { event, of, within: await this.name(streamOf(event.stream, this.chain.register), of), facts };
  }

  /** The name of what is named, unless the entry itself is about that. */
  private async name(named: EntityReference | undefined, of: readonly EntityReference[]): Promise<Name | undefined> {
    if (!named || of.some(({ id }) => id === named.id)) return undefined;
    const name = await this.names.of(named);
    if (name) this.mentioned.set(`${named.in}/${named.id}`, named);
    return name;
  }
}
