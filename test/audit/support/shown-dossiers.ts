// Dossiers as a client gets them, and whether every value stands where they say.
import { expect } from '@jest/globals';
import type { ShownDossier, ShownEntry, ShownFact } from '../../../libs/report/src/dossier/present-dossier.js';
import type { Server } from '../../support/server.js';

export async function readDossier(server: Server, address: string, token: string | undefined, query = ''): Promise<ShownDossier> {
  const answer = await server.get(`${address}/dossier${query}`, token);
  if (answer.status !== 200) throw new Error(`${address}: ${answer.status} ${answer.text}`);
  return answer.body as unknown as ShownDossier;
}

export const entriesOf = ({ links }: ShownDossier, only?: string): ShownEntry[] =>
  links.filter(({ link }) => only === undefined || link === only).flatMap(({ entries }) => entries);
export const typesOf = (of: ShownDossier, only?: string): string[] => entriesOf(of, only).map(({ type }) => type);
export const linksOf = ({ links }: ShownDossier): string[] => links.map(({ link }) => link);

/** RFC 6901, written anew: what the product follows is not what it is checked by. */
function follow(data: unknown, pointer: string): unknown {
  let value = data;
  for (const part of pointer.split('/').slice(1))
    value = (value as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return value;
}

/** Whatever in a dossier is not as its records have it. */
export async function wrongIn(server: Server, auditor: string, of: ShownDossier): Promise<string[]> {
  const wrong: string[] = [];
  const numbers = new Set(entriesOf(of).map(({ record }) => record));
  const recorded = async (record: number) => (await server.get(`/records/${record}`, auditor)).body as unknown as Record<string, unknown>;
  const check = async ({ pointer, value }: ShownFact, record: number, event: string): Promise<void> => {
    const { id, data } = await recorded(record);
    if (id !== event) wrong.push(`record ${record} is not the event ${event}`);
    if (follow(data, pointer) !== value || value === undefined)
      wrong.push(`record ${record} ${pointer} is ${JSON.stringify(follow(data, pointer))}, not ${JSON.stringify(value)}`);
    if (!numbers.has(record)) wrong.push(`record ${record} is named, and not in the dossier`);
  };
  for (const entry of entriesOf(of)) {
    const { type, occurredAt, recordedAt, actor, leaf, stream } = await recorded(entry.record);
    expect(entry).toMatchObject({ type, stream, occurredAt, recordedAt, recordedBy: actor, proof: { record: entry.record, leaf } });
    for (const fact of entry.facts) {
      await check(fact, entry.record, entry.event);
      if (fact.names) await check(fact.names, fact.names.record, fact.names.event);
    }
    for (const { who, names } of entry.of) for (const name of [who, names]) if (name) await check(name, name.record, name.event);
    if (entry.within) await check(entry.within, entry.within.record, entry.within.event);
  }
  return wrong;
}
