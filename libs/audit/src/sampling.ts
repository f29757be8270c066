// Draws a sample that anyone can draw again: the entities of a list whose hashes with a seed are lowest.
import { createHash } from 'node:crypto';
import { isRefusal, type Reader, type Refusal, type Uuid } from '#kernel';
import type { AnyList, Moment, ReadModels, Row } from '#read-models';

export interface SampleQuery {
  list: AnyList;
  where: Readonly<Record<string, string>>;
  moment: Moment;
  seed: string;
  size: number;
}

export interface Drawn {
  hash: string;
  row: Row;
}

export interface Sample {
  /** How many entities the list holds for this reader. */
  population: number;
  /** The lowest hash first. */
  drawn: Drawn[];
}

const PAGE = 500;

/** SHA-256 of the seed, a newline and the id, in hex. */
export const sampleHash = (seed: string, id: Uuid): string => createHash('sha256').update(`${seed}\n${id}`).digest('hex');

/** Walks the whole list, page by page, and holds no more than the sample. */
export async function drawSample(
  readModels: Pick<ReadModels, 'list'>,
  { list, where, moment, seed, size }: SampleQuery,
  reader: Reader,
): Promise<Sample | Refusal> {
  const drawn: Drawn[] = [];
  let population = 0;
  let cursor: string | undefined;
  do {
    const page = await readModels.list(list, {
      moment,
      reader,
      where,
      sort: 'recorded',
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    if (isRefusal(page)) return page;
    population += page.rows.length;
    for (const row of page.rows) keepLowest(drawn, { hash: sampleHash(seed, row.id), row }, size);
    cursor = page.next;
  } while (cursor !== undefined);
  return { population, drawn };
}

function keepLowest(drawn: Drawn[], each: Drawn, size: number): void {
  if (drawn.length === size && each.hash > drawn.at(-1)!.hash) return;
  let [from, to] = [0, drawn.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (drawn[middle]!.hash < each.hash) from = middle + 1;
    else to = middle;
  }
  drawn.splice(from, 0, each);
  if (drawn.length > size) drawn.pop();
}
