// One step of a replay as a person reads it: the event, and field by field what it changed.
import { harmlessLine } from './terminal.js';

interface Actor {
  role: string;
  subject?: string;
  name?: unknown;
}

export interface Step {
  event: { record: number; type: string; stream: string; recordedAt: string; occurredAt?: string; actor?: Actor; lost?: true };
  changes: {
    in: string;
    id: string;
    kind: 'began' | 'changed' | 'ended';
    fields: { field: string; before?: unknown; after?: unknown }[];
  }[];
}

const MARKS = { began: '+', changed: '~', ended: '-' } as const;

/** Lines without anything that could steer a terminal. */
export function describeStep({ event, changes }: Step): string[] {
  const { record, type, stream, recordedAt } = event;
  return [
    harmlessLine(`#${record}  ${type}  ${stream}`),
    harmlessLine(
      event.lost
        ? `  recorded ${recordedAt}; what it said was lost`
        : `  happened ${event.occurredAt}, recorded ${recordedAt} by ${named(event.actor)}`,
    ),
    ...changes.flatMap(({ in: table, id, kind, fields }) => [
      harmlessLine(`  ${MARKS[kind]} ${table} ${id} ${kind}`),
      ...(kind === 'ended'
        ? []
        : fields.map(({ field, before, after }) =>
            harmlessLine(`      ${field}: ${kind === 'began' ? '' : `${shown(before)} → `}${shown(after)}`),
          )),
    ]),
  ];
}

const named = (actor: Actor | undefined): string =>
  [actor?.role, typeof actor?.name === 'string' ? actor.name : undefined, actor?.subject && `(${actor.subject})`]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');

/** Texts in words, and what is made of several values as JSON. */
function shown(value: unknown): string {
  if (value === undefined) return '(none)';
  if (isText(value)) return typeof value.text === 'string' ? `“${value.text}”` : '(removed)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const isText = (value: unknown): value is { lang: string; text: unknown } =>
  typeof value === 'object' && value !== null && 'lang' in value && 'text' in value;
