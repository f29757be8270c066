// Data directories with a history in them, projected: made once, and kept between full runs under the system's temporary directory.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Layout, planOf, writeHistory } from './history.js';
import type { BenchContext } from './scenario.js';
import { Served, withServed } from './served.js';

export interface Prepared {
  directory: string;
  layout: Layout;
}

const madeInThisRun = new Map<string, Promise<Prepared>>();

/** A directory with about so many events, which a server has opened, projected and left. */
export function prepare(context: BenchContext, events: number, hotVersions = 0): Promise<Prepared> {
  const key = `${context.scratch} ${events} ${hotVersions}`;
  const made = madeInThisRun.get(key) ?? make(context, events, hotVersions);
  madeInThisRun.set(key, made);
  return made;
}

async function make({ scratch, keep, tell }: BenchContext, events: number, hotVersions: number): Promise<Prepared> {
  const layout = new Layout(planOf(events, hotVersions));
  const madeOf = createHash('sha256')
    .update(readFileSync(new URL('./history.ts', import.meta.url)))
    .digest('hex')
    .slice(0, 12);
  const home = keep ? join(tmpdir(), 'plenary-bench-histories', madeOf) : scratch;
  const directory = join(home, `${events}-${hotVersions}`);
  if (!existsSync(directory)) {
    tell(`writing a history of ${layout.events.toLocaleString('en')} events`);
    const draft = `${directory}-draft`;
    for (const path of [draft, `${draft}-keys`, `${directory}-keys`]) rmSync(path, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    await writeHistory(draft, layout.plan);
    renameSync(`${draft}-keys`, `${directory}-keys`);
    renameSync(draft, directory);
  }
  const start = performance.now();
  await withServed(Served.product(directory), (served) => served.caughtUp());
  tell(`opened and projected in ${Math.round(performance.now() - start).toLocaleString('en')} ms`);
  return { directory, layout };
}
