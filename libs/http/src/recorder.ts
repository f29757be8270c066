// From a validated request to a submitted command, and from its outcome to the answer.
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { InstallationKeys, runnerRefusals, type Outcome } from '#event-store';
import {
  bodyDigest,
  derivedId,
  isUuid,
  keyedId,
  LOG_STREAM,
  parseStreamName,
  randomId,
  streamName,
  type AnyCommand,
  type CommandOf,
  type Principal,
  type Refusal,
  type StreamName,
  type Submission,
  type Uuid,
} from '#kernel';
import { QueryFaults } from './asked.js';
import type { CommandBody } from './command-body.js';
import { httpRefusals } from './http-refusals.js';
import { RecordCommand } from './record.command.js';
import { RefusalException } from './problem.js';
import { ProjectionGate } from './projection-gate.js';
import { positionOf, type AuthenticatedRequest, type Sent } from './request.js';
import { StreamVisibility } from './stream-visibility.js';

/** The body of the answer to a command. */
export interface RecordedAnswer {
  /** What the command made or changed. */
  id?: Uuid;
  stream: string;
  /** Revision of the stream's last event that this command made, for If-Match. */
  revision: number;
  recordedAt?: string;
  /** Nothing was recorded: it was so already. */
  unchanged?: true;
  /** The command came before under the same Idempotency-Key: these are the events that it had then. */
  repeated?: true;
  events: { id: Uuid; type: string; revision: number }[];
}

const KEY = /^[\x21-\x7e]{1,200}$/;
const IF_MATCH = /^"(\d{1,15})"$/;

@Injectable()
export class Recorder {
  constructor(
    private readonly bus: CommandBus,
    private readonly keys: InstallationKeys,
    private readonly gate: ProjectionGate,
    private readonly visibility: StreamVisibility,
  ) {}

  /** Submits a command that opens a stream of its own; its id derives from the command's. */
  create<Input>(definition: CommandOf<Input>, sent: Sent, input: Input & CommandBody): Promise<RecordedAnswer> {
    const commandId = this.commandId(sent.request);
    return this.submit(definition, sent, input, commandId, streamName(definition.on.category, derivedId(commandId, 'entity')));
  }

  /** Submits a command to the stream of an entity. */
  record<Input>(definition: CommandOf<Input>, sent: Sent, entity: string, input: Input & CommandBody): Promise<RecordedAnswer> {
    if (!isUuid(entity)) throw new RefusalException(runnerRefusals['not-found'](`There is no ${definition.on.category} of this id.`));
    return this.submit(definition, sent, input, this.commandId(sent.request), streamName(definition.on.category, entity));
  }

  /** Submits a command to the stream `log`, which belongs to no entity. */
  recordInLog<Input>(definition: CommandOf<Input>, sent: Sent, input: Input & CommandBody): Promise<RecordedAnswer> {
    return this.submit(definition, sent, input, this.commandId(sent.request), LOG_STREAM);
  }

  private async submit<Input>(
    definition: CommandOf<Input>,
    sent: Sent,
    input: Input & CommandBody,
    commandId: Uuid,
    stream: StreamName,
  ): Promise<RecordedAnswer> {
    const { request } = sent;
    await this.gate.beforeWriting(positionOf(request));
    const { principal } = request;
    if (definition.restsOnCompletions?.(input)) await this.gate.beforeResting();
    refuseParameters(request.query as Record<string, unknown>);
    const ifMatch = parseIfMatch(request.headers['if-match']);
    const submission: Submission = {
      stream,
      input,
      commons: input,
      commandId,
      isDrawn: request.headers['idempotency-key'] === undefined,
      bodyDigest: bodyDigest(this.keys.digest, request.body ?? {}),
      correlation: request.id as Uuid,
      actor: {
        subject: principal.subject,
        token: principal.token,
        role: principal.role,
        ...(principal.name !== undefined && { name: principal.name }),
      },
      bodies: principal.bodies,
      ...(ifMatch !== undefined && { ifMatch }),
      ...(input.instruction && { instruction: input.instruction }),
    };
    if (definition.stream === 'existing' && principal.role === 'secretariat' && this.visibility.isHidden(stream, principal))
      throw new RefusalException(runnerRefusals['not-found'](`There is no ${definition.on.category} of this id.`));
    const outcome = await this.bus.execute(new RecordCommand(definition, submission));
    if (outcome.kind === 'refused') throw new RefusalException(this.masked(definition, outcome.refusal, stream, principal));
    return this.answer(definition, outcome, sent);
  }

  /** To a foreign secretariat, what it may not see does not exist. What is to be made cannot be told from what is hidden. */
  private masked(definition: AnyCommand, refusal: Refusal, stream: StreamName, principal: Principal): Refusal {
    if (refusal.code !== 'not-your-body' || definition.stream !== 'existing' || this.visibility.isVisible(stream, principal))
      return refusal;
    return runnerRefusals['not-found'](`There is no ${parseStreamName(stream).category} of this id.`);
  }

  private commandId(request: AuthenticatedRequest): Uuid {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return randomId();
    if (typeof key !== 'string' || !KEY.test(key))
      throw new RefusalException(
        httpRefusals['header-invalid']('Idempotency-Key must be 1 to 200 printable ASCII characters without spaces.'),
      );
    // As it is routed: an address may be written in several ways.
    const path = request.url.split('?')[0]!.split('/').map(decodeURIComponent).join('/');
    return keyedId(this.keys.digest, [request.principal.subject, request.method, path, key]);
  }

  private answer(definition: AnyCommand, outcome: Exclude<Outcome, { kind: 'refused' }>, { request, reply }: Sent): RecordedAnswer {
    const entity = parseStreamName(outcome.stream).id;
    if (outcome.kind === 'unchanged') {
      void reply.status(200).header('ETag', `"${outcome.revision}"`);
      return { ...(entity && { id: entity }), stream: outcome.stream, revision: outcome.revision, unchanged: true, events: [] };
    }
    const { events, position, repeated } = outcome;
    const last = events[events.length - 1]!;
    if (position) {
      this.gate.wrote(request.principal.subject, position);
      void reply.header('Plenary-Position', position);
    }
    void reply.status(definition.creates ? 201 : 200).header('ETag', `"${last.revision}"`);
    return {
      ...named((events[0]!.lost ? undefined : createdId(definition, events[0]!.data)) ?? entity),
      stream: outcome.stream,
      revision: last.revision,
      recordedAt: last.recordedAt,
      ...(repeated && { repeated }),
      events: events.map(({ id, type, revision }) => ({ id, type, revision })),
    };
  }
}

const named = (id: Uuid | undefined): { id?: Uuid } => (id ? { id } : {});

/** The id of what a command made lies in its event's data, under the name that the definition gives. */
function createdId(definition: AnyCommand, data: string): Uuid | undefined {
  if (!definition.creates || definition.creates === 'stream') return undefined;
  return (JSON.parse(data) as Record<string, Uuid | undefined>)[definition.creates];
}

/** Whoever sends one means something that does not happen. */
function refuseParameters(query: Readonly<Record<string, unknown>>): void {
  new QueryFaults(query, []).throwIfAny();
}

function parseIfMatch(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const match = IF_MATCH.exec(header);
  if (!match)
    throw new RefusalException(httpRefusals['header-invalid']('If-Match must be one revision in quotes, as the ETag gave it: "7".'));
  return Number(match[1]);
}
