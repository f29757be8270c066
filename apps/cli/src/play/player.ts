// Plays a file's steps over HTTP. Every step has a key of its own, so that a play that was interrupted is resumed and one that was played is not played twice.
import { createHash } from 'node:crypto';
import { canonicalJson, findUnstorable } from '#kernel';
import { ApiClient, describeProblem, succeeds, type Answer, type Problem } from '../api-client.js';
import { Failure } from '../command-line.js';
import { harmlessLine, type Terminal } from '../terminal.js';
import type { Play, Role, Step } from './play-file.js';
import { resolveReferences, type Referent } from './references.js';

export interface Played {
  /** What each named step made or changed. */
  made: ReadonlyMap<string, Referent>;
  /** Ids of the events, step by step; none where it was so already. */
  events: readonly (readonly string[])[];
  /** Steps that were recorded now. */
  recorded: number;
  /** Steps that had been recorded, or were so already. */
  repeated: number;
}

interface StepAnswer extends Referent {
  repeated: true;
  unchanged: true;
  events: { id: string }[];
}

export type Clients = Readonly<Partial<Record<Role, ApiClient>>>;

/**
 * A key for each step, the same for the same step of the same play, whenever and from wherever it is played. One without a name is known by
 * what it says, before references are resolved, and by how many before it say the same: steps that come and go around it leave it alone.
 */
export function keysOf({ title, steps }: Play): string[] {
  const said = new Map<string, number>();
  return steps.map((step) => {
    const known = step.name ?? `#${contentOf(step)}`;
    const before = said.get(known) ?? 0;
    said.set(known, before + 1);
    const hash = createHash('sha256').update(`${title}\n${known}${step.name === undefined ? `\n${before}` : ''}`);
    return `play-${hash.digest('hex').slice(0, 40)}`;
  });
}

/** What may not be stored is refused under any key. */
function contentOf({ as, method, path, body }: Step): string {
  const content = { as, method, path, body };
  return findUnstorable(content) ? JSON.stringify(content) : canonicalJson(content);
}

/** @throws Failure at the first step that is refused for good */
export async function playSteps(play: Play, clients: Clients, terminal: Terminal): Promise<Played> {
  const made = new Map<string, Referent>();
  const events: string[][] = [];
  const keys = keysOf(play);
  let recorded = 0;
  for (const [index, step] of play.steps.entries()) {
    terminal.progress(progressLine(play, step, index));
    const path = resolveReferences(step.path, made);
    const answer = await clients[step.as]!.request(step.method, path, {
      body: resolveReferences(step.body, made),
      idempotencyKey: keys[index]!,
    });
    if (!succeeds(answer)) throw new Failure(refused(play, step, index, answer));
    const { id, stream, repeated, unchanged, events: those } = answer.body as Partial<StepAnswer>;
    if (typeof id !== 'string' || typeof stream !== 'string')
      throw new Failure(`step ${index + 1} (line ${step.line}) was answered without an id: is this the address of a Plenary server?`);
    if (step.name !== undefined) made.set(step.name, { id, stream });
    events.push((those ?? []).map((event) => event.id));
    if (!repeated && !unchanged) recorded += 1;
  }
  terminal.settle();
  return { made, events, recorded, repeated: play.steps.length - recorded };
}

function progressLine({ steps }: Play, step: Step, index: number): string {
  const width = String(steps.length).length;
  return `[${String(index + 1).padStart(width)}/${steps.length}] ${harmlessLine(step.says ?? `${step.method} ${step.path}`)}`;
}

function refused({ steps }: Play, step: Step, index: number, answer: Answer): string {
  const name = step.name === undefined ? '' : `, ${step.name},`;
  const lines = [
    `step ${index + 1} of ${steps.length}${name} on line ${step.line} (${step.method} ${step.path}, as ${step.as}) was refused: ${describeProblem(answer)}`,
  ];
  if ((answer.body as Problem).type?.endsWith('/idempotency-key-reused')) {
    lines.push(
      '  This step was played before with other content, and what is recorded is not changed by playing. Correct the record, or give the file another title to record another meeting.',
    );
  }
  if (index > 0)
    lines.push(
      `  The ${index} steps before it are recorded. Play the file again to go on from here: they will not be recorded twice, unless one without a name is edited.`,
    );
  return lines.join('\n');
}
