// Who may send a command: by role, by body, and by whether its stream is there.
import { parseStreamName, type AnyCommand, type Refusal, type Submission, type Uuid } from '#kernel';
import type { FoldedStream } from './folded-stream.js';
import { runnerRefusals } from './runner-refusals.js';

export function authorise(definition: AnyCommand, submission: Submission, folded: FoldedStream): Refusal | undefined {
  const barred = barredByRole(definition, submission);
  if (barred) return barred;
  if (definition.stream === 'existing' && !folded.exists) {
    return runnerRefusals['not-found'](`There is no ${definition.on.category} of this id.`);
  }
  const foreign = barredByBody(definition, submission, folded);
  if (foreign) return foreign;
  if (definition.stream === 'new' && folded.exists) {
    return runnerRefusals['already-exists'](`A ${definition.on.category} of this id is recorded already.`);
  }
  return undefined;
}

/** Who repeats a command is told what came of it only if the command could be theirs today: its key is of the subject, whose tokens differ. */
export const authoriseRepeat = (definition: AnyCommand, submission: Submission, folded: FoldedStream): Refusal | undefined =>
  barredByRole(definition, submission) ?? barredByBody(definition, submission, folded);

function barredByRole({ name, roles }: AnyCommand, { actor: { role } }: Submission): Refusal | undefined {
  if (role === 'system' || (roles as readonly string[]).includes(role)) return undefined;
  return runnerRefusals['not-your-role'](
    `${name} takes the role ${roles.filter((each) => each !== 'system').join(' or ') || 'of the system itself'}; this token has ${role}.`,
  );
}

/** The body for which a secretariat acts: of those that the command concerns, the first that is theirs; their own, where it concerns none. */
export function bodyActedFor(definition: AnyCommand, submission: Submission, folded: FoldedStream): Uuid | undefined {
  const { actor, bodies: theirs } = submission;
  if (actor.role !== 'secretariat') return undefined;
  const concerned = bodiesConcerned(definition, submission, folded);
  if (theirs === 'all') return concerned[0];
  return concerned.find((body) => theirs.includes(body)) ?? (theirs.length === 1 ? theirs[0] : undefined);
}

const bodiesConcerned = (definition: AnyCommand, submission: Submission, folded: FoldedStream): readonly Uuid[] =>
  folded.exists ? definition.on.bodies(folded.state, parseStreamName(folded.stream).id!) : (definition.bodiesOf?.(submission.input) ?? []);

export const writesForOneOf = ({ bodies: theirs }: Submission, bodies: readonly Uuid[]): boolean =>
  theirs === 'all' || bodies.some((body) => theirs.includes(body));

function barredByBody(definition: AnyCommand, submission: Submission, folded: FoldedStream): Refusal | undefined {
  if (submission.actor.role === 'system' || submission.actor.role === 'admin' || submission.bodies === 'all') return undefined;
  const theirs = submission.bodies;
  const bodies = bodiesConcerned(definition, submission, folded);
  const needsEach = definition.concernsEach && !folded.exists;
  if (bodies.length === 0 || (needsEach ? bodies.every((body) => theirs.includes(body)) : writesForOneOf(submission, bodies)))
    return undefined;
  return runnerRefusals['not-your-body'](`${definition.name} concerns a body that this token does not name.`);
}
