// What any command may name beside the fields of its own: who instructed, and the documents that show something. Looked up like those.
import { bodyRefusals, person } from '#bodies/contracts';
import { document } from '#documents/contracts';
import { meetingRefusals } from '#meetings/contracts';
import { streamName, type Evidence, type Look, type Refusal, type Submission } from '#kernel';

/** Undefined where the command names nothing of it, or what it is sent to itself. */
export function namedByAny({
  stream,
  instruction,
  commons,
  input,
}: Submission): ((look: Look) => Promise<Refusal | undefined>) | undefined {
  const evidence = { evidence: (input as { evidence?: Evidence }).evidence, 'override.evidence': commons.override?.evidence };
  const named = [
    ...(instruction?.person ? [{ of: person, id: instruction.person, field: 'instruction.person' }] : []),
    ...Object.entries(evidence).flatMap(([field, shown]) =>
      (shown?.documents ?? []).map((id, index) => ({ of: document, id, field: `${field}.documents[${index}]` })),
    ),
  ].filter(({ of, id }) => streamName(of.category, id) !== stream);
  if (named.length === 0) return undefined;
  return async (look) => {
    for (const { of, id, field } of named) {
      if (await look.at<unknown>(of, id)) continue;
      const unknown = of === person ? bodyRefusals['unknown-person'] : meetingRefusals['unknown-document'];
      return unknown(`There is no ${of.category} ${id}.`, { fields: [{ field, reason: 'is not registered' }] });
    }
    return undefined;
  };
}
