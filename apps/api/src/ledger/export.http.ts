// Bundles for auditors over HTTP.
import { Readable } from 'node:stream';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { runnerRefusals } from '#event-store';
import { problem, QueryFaults, RefusalException, Register, whileValid, type ReadRequest } from '#http';
import { isUuid, type Uuid } from '#kernel';
import { bundleChunks } from '#ledger/writer';
import { BUNDLE_SCOPES, BundleSources, bundleLines, streamsOf, type BundleRequest, type BundleScopeKind } from './bundles.js';
import type { SignedTree } from './checkpoint-watch.js';
import { earlierCheckpoint } from './earlier-checkpoint.js';
import { auditorOnly, covered, newestTree } from './ledger-refusals.js';
import { Ledger } from './ledger.js';
import { verifierKeysIn } from './log-source.js';

const SCOPES: readonly BundleScopeKind[] = ['whole', ...(Object.keys(BUNDLE_SCOPES) as (keyof typeof BUNDLE_SCOPES)[])];

@ApiTags('ledger')
@Controller()
export class ExportController {
  constructor(
    private readonly ledger: Ledger,
    private readonly sources: BundleSources,
    private readonly register: Register,
  ) {}

  @Get('export')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'export-bundle',
    summary: 'A bundle that `plenary verify` checks offline: events, proofs, the signed checkpoint, and a readable report. For auditors.',
    ...{ 'x-roles': ['auditor'] },
  })
  @ApiQuery({
    name: 'of',
    required: false,
    description: 'What of the history: everything where absent.',
    schema: { type: 'string', enum: [...SCOPES] },
  })
  @ApiQuery({ name: 'id', required: false, description: 'Which one.', schema: { type: 'string', format: 'uuid' } })
  @ApiQuery({
    name: 'complete',
    required: false,
    description: 'With all leaf entries, so that nothing about it can have been left out; true where absent.',
    schema: { type: 'boolean' },
  })
  @ApiQuery({
    name: 'from',
    required: false,
    description: 'Of a selection: the size of a checkpoint that you keep, from which it proves to go on.',
    schema: { type: 'integer' },
  })
  @ApiQuery({
    name: 'cosigned',
    required: false,
    description:
      'A checkpoint of this log that was signed earlier, with what witnesses put below it: the bundle is made at it, and carries it. The newest where absent.',
    schema: { type: 'string' },
  })
  @ApiResponse({
    status: 200,
    description: 'One JSON object a line, as docs/auditing.md has it.',
    content: { 'application/x-ndjson': { schema: { type: 'string' }, example: '{"kind":"header"}\n' } },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(403, 'The token is not of an auditor.')
  @problem(404, 'None is signed yet, or it covers nothing of that id.')
  @problem(422, 'The newest checkpoint is smaller, or the one that is given is none of this log.')
  @problem(503, 'Nothing here leads to the root that was signed.')
  async bundle(@Req() request: ReadRequest, @Res() reply: FastifyReply): Promise<void> {
    auditorOnly(request);
    const wanted = parseBundle(request);
    await this.register.upToDate(request);
    const tree = await this.treeFor(wanted);
    if (wanted.from !== undefined) await covered(() => this.ledger.proveConsistency(wanted.from!, tree));
    const streams = wanted.kind === 'whole' ? undefined : await streamsOf(this.sources, wanted, tree.size, request.reader);
    if (streams?.size === 0)
      throw new RefusalException(
        runnerRefusals['not-found'](
          `Among the ${tree.size} records that the ${wanted.cosigned === undefined ? 'newest checkpoint covers' : 'checkpoint covers that was given'}, there is no ${wanted.kind} ${wanted.id}.`,
        ),
      );
    void reply.type('application/x-ndjson; charset=utf-8').header('Content-Disposition', 'attachment; filename="plenary-bundle.ndjson"');
    await reply.send(Readable.from(whileValid(bundleChunks(bundleLines(this.sources, tree, wanted, streams)), request)));
  }

  private async treeFor({ cosigned }: BundleRequest): Promise<SignedTree> {
    const newest = await newestTree(this.ledger);
    if (cosigned === undefined) return newest;
    const {
      ledger,
      sources: { origin, store },
    } = this;
    const keys = await verifierKeysIn(store);
    return covered(() => earlierCheckpoint(cosigned, { origin, keys, ledger, newest }));
  }
}

function parseBundle({ query }: ReadRequest): BundleRequest {
  const faults = new QueryFaults(query as Record<string, unknown>, ['of', 'id', 'complete', 'from', 'cosigned']);
  const kind = (faults.text('of') ?? 'whole') as BundleScopeKind;
  const id = faults.text('id');
  const complete = faults.text('complete') === undefined || faults.flag('complete');
  const from = faults.text('from') === undefined ? undefined : faults.whole('from', 0, 1, Number.MAX_SAFE_INTEGER);
  const cosigned = faults.text('cosigned');
  if (!SCOPES.includes(kind)) faults.add('of', `must be one of ${SCOPES.join(', ')}`);
  if ((kind === 'whole') !== (id === undefined)) faults.add('id', 'goes together with of');
  else if (id !== undefined && !isUuid(id)) faults.add('id', 'must be an id: a UUID in lower case');
  if (from !== undefined && complete) faults.add('from', 'is for selections: a complete bundle shows by itself that it goes on');
  faults.throwIfAny();
  return {
    kind,
    complete,
    ...(id && { id: id as Uuid }),
    ...(from !== undefined && { from }),
    ...(cosigned !== undefined && { cosigned }),
  };
}
