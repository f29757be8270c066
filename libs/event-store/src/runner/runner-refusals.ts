// Refusals that every command can meet, whatever its context.
import { refusals, type Refusal, type StreamName } from '#kernel';

export const runnerRefusals = refusals({
  'not-found': {
    status: 404,
    title: 'Nothing of that kind has this id',
    rule: 'A command names what exists and what its sender may see. Look the id up in the list of its kind.',
  },
  'already-exists': {
    status: 409,
    title: 'The id is taken',
    rule: 'What is recorded once is not recorded again: correct it, or leave it.',
  },
  'not-your-role': {
    status: 403,
    title: 'The role of this token may not do that',
    rule: 'Secretariats record, for their bodies; admins make tokens and bodies; auditors and delegates read.',
  },
  'not-your-body': {
    status: 403,
    title: 'The token is not of a secretariat of this body',
    rule: 'A secretariat writes for its own bodies. Use a token that names the body.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key came before with another body',
    rule: 'Rule 10: a command that arrives twice takes effect once. A key belongs to one command: use a new one.',
  },
  'revision-changed': {
    status: 412,
    title: 'The resource has changed since you read it',
    rule: 'Rule 10: of two people who change the same thing at once, one succeeds and the other is told. Read it again and repeat the change.',
  },
  'stream-incomplete': {
    status: 409,
    title: 'Some of what was recorded here is lost',
    rule: 'A restore could not bring back everything that was recorded of it, so nothing is decided on what is left. Once an operator has answered for that with `plenary recover --reopen`, commands are taken again.',
  },
  'command-too-large': {
    status: 413,
    title: 'The command would store more than one append holds',
    rule: 'At most 512 KiB are stored at once. Split the texts.',
  },
  'decided-too-often': {
    status: 503,
    title: 'Others were faster, several times',
    rule: 'A command is decided again when the streams that it rests on have moved. Try again.',
  },
  'clock-unsure': {
    status: 503,
    title: 'The clock of this node cannot be trusted',
    rule: 'Nothing is recorded under a time that may be wrong. An operator checks the clock and says `plenary clock accept --reason`.',
  },
  'store-unavailable': {
    status: 503,
    title: 'The event store takes no appends now',
    rule: 'Nothing was recorded; reads go on. The detail names the cause.',
  },
  'outcome-unclear': {
    status: 503,
    title: 'It is not known whether the command was recorded',
    rule: 'Send it again with the same Idempotency-Key: it takes effect once.',
  },
});

export const streamIncomplete = (stream: StreamName): Refusal =>
  runnerRefusals['stream-incomplete'](`Events of ${stream} were lost, as \`history-restored\` in the record says.`);

export const keyReused = (): Refusal =>
  runnerRefusals['idempotency-key-reused']('The first command under this key had another body, and it stands.');

export const decidedTooOften = (): Refusal => runnerRefusals['decided-too-often']('Nothing was recorded.', { retryAfter: 1 });

export const outcomeUnclear = (): Refusal =>
  runnerRefusals['outcome-unclear']('The event store did not say whether the command is stored. Repeat it with the same Idempotency-Key.', {
    retryAfter: 2,
  });
