// The ledger over HTTP: the C2SP paths that public tools read, proofs, and bundles for auditors.
import { Readable } from 'node:stream';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { runnerRefusals } from '#event-store';
import { Asking, httpRefusals, problem, QueryFaults, RefusalException, Register, whileValid, type ReadRequest } from '#http';
import { isUuid, refusals, type Uuid } from '#kernel';
import { formatTlogProof, toBase64 } from '#ledger/core';
import { bundleChunks, publishedCheckpoints } from '#ledger/writer';
import { BUNDLE_SCOPES, BundleSources, bundleLines, streamsOf, type BundleRequest, type BundleScopeKind } from './bundles.js';
import type { SignedTree } from './checkpoint-watch.js';
import { earlierCheckpoint, ForeignCheckpoint } from './earlier-checkpoint.js';
import { Ledger, TILE_PATH, TreeDiffers } from './ledger.js';
import { verifierKeysIn } from './log-source.js';
import { StoreDiffers } from './signed-tiles.js';

export const ledgerRefusals = refusals({
  'no-checkpoint': {
    status: 404,
    title: 'No checkpoint is signed yet',
    rule: 'A signed checkpoint follows every record within 60 seconds, where the installation has its signing key.',
  },
  'not-covered': {
    status: 422,
    title: 'No checkpoint covers that yet',
    rule: 'Proofs are made against the newest signed checkpoint: ask for what it covers.',
  },
  'foreign-checkpoint': {
    status: 422,
    title: 'That is no checkpoint of this log',
    rule: 'A bundle is made at a checkpoint that a key of this record signed, over the first records of this very log.',
  },
});

const SCOPES: readonly BundleScopeKind[] = ['whole', ...(Object.keys(BUNDLE_SCOPES) as (keyof typeof BUNDLE_SCOPES)[])];

@ApiTags('ledger')
@Controller()
export class LedgerController {
  constructor(
    private readonly ledger: Ledger,
    private readonly sources: BundleSources,
    private readonly register: Register,
  ) {}

  @Get('log/checkpoint')
  @ApiSecurity('token')
  @ApiOperation({ operationId: 'read-checkpoint', summary: 'The newest signed checkpoint (C2SP tlog-checkpoint in a signed note).' })
  @ApiResponse({
    status: 200,
    description: 'The note.',
    content: {
      'text/plain': { schema: { type: 'string' }, example: 'plenary.example/council\n57\nu2l…=\n\n— plenary.example/council …\n' },
    },
  })
  @problem(401, 'No valid token.')
  @problem(404, 'None is signed yet.')
  async checkpoint(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type('text/plain; charset=utf-8');
    return (await this.newest()).note;
  }

  @Get('log/tile/*')
  @ApiSecurity('token')
  @ApiParam({ name: '*', description: 'As C2SP tlog-tiles writes it: `0/000`, `0/x001/234.p/57`, `entries/000`.', example: '0/000.p/1' })
  @ApiOperation({ operationId: 'read-tile', summary: 'A tile of the Merkle tree; entry bundles are for auditors.' })
  @ApiResponse({
    status: 200,
    description: 'The bytes.',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' }, example: '' } },
  })
  @problem(401, 'No valid token.')
  @problem(403, 'Entry bundles are for auditors.')
  @problem(404, 'There is no such tile.')
  @problem(503, 'Nothing here leads to the root that was signed.')
  async tile(@Req() request: ReadRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const path = request.url.split('?')[0]!.split('/log/tile/')[1] ?? '';
    if (path.startsWith('entries/')) auditorOnly(request);
    const tree = TILE_PATH.test(path) ? await this.ledger.newest() : undefined;
    const bytes = tree && (await covered(() => this.ledger.file(`tile/${path}`, tree)));
    if (!bytes) throw new RefusalException(runnerRefusals['not-found'](`There is no tile ${path.slice(0, 80)}.`));
    void reply.type('application/octet-stream');
    return bytes;
  }

  @Get('log/proofs/:record')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'read-inclusion-proof',
    summary: 'That a record is in the history that the newest checkpoint signs, as a C2SP `.tlog-proof`.',
  })
  @ApiResponse({
    status: 200,
    description: 'The proof file.',
    content: { 'text/plain': { schema: { type: 'string' }, example: 'c2sp.org/tlog-proof@v1\nindex 11\n…\n' } },
  })
  @problem(401, 'No valid token.')
  @problem(404, 'None is signed yet, or the number is none.')
  @problem(422, 'The newest checkpoint does not cover the record yet.')
  @problem(503, 'Nothing here leads to the root that was signed.')
  async proof(@Param('record') number: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (!/^[1-9]\d{0,14}$/.test(number))
      throw new RefusalException(runnerRefusals['not-found'](`There is no record ${number.slice(0, 40)}.`));
    const tree = await this.newest();
    const proof = await covered(() => this.ledger.prove(Number(number), tree));
    void reply.type('text/plain; charset=utf-8').header('Content-Disposition', `inline; filename="record-${number}.tlog-proof"`);
    return formatTlogProof(proof);
  }

  @Get('log/consistency')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'read-consistency-proof',
    summary: 'That the history of the newest checkpoint goes on from an earlier size of it.',
  })
  @ApiQuery({
    name: 'from',
    required: true,
    description: 'The size of the earlier checkpoint.',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  })
  @ApiResponse({
    status: 200,
    description: 'The proof, with the checkpoint.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['from', 'to', 'proof', 'checkpoint'],
          properties: {
            from: { type: 'integer' },
            to: { type: 'integer' },
            proof: { type: 'array', items: { type: 'string' } },
            checkpoint: { type: 'string' },
          },
        },
        example: { from: 12, to: 57, proof: [], checkpoint: '…' },
      },
    },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(404, 'None is signed yet.')
  @problem(422, 'The newest checkpoint is smaller.')
  @problem(503, 'Nothing here leads to the root that was signed.')
  async consistency(@Asking() { request }: Asking) {
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['from']);
    const from = faults.whole('from', 0, 1, Number.MAX_SAFE_INTEGER);
    if (faults.text('from') === undefined) faults.add('from', 'is missing');
    faults.throwIfAny();
    const tree = await this.newest();
    const proof = await covered(() => this.ledger.proveConsistency(from, tree));
    return { from, to: tree.size, proof: proof.map(toBase64), checkpoint: tree.note };
  }

  @Get('log/checkpoints')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'list-checkpoints',
    summary: 'The checkpoints that were published, the first of each size, by growing size: how soon records were covered. For auditors.',
    ...{ 'x-roles': ['auditor'] },
  })
  @ApiResponse({
    status: 200,
    description: 'One JSON object a line, each with its `note`.',
    content: {
      'application/x-ndjson': {
        schema: { type: 'string' },
        example: '{"note":"plenary.example/council\\n57\\nu2l…=\\n\\n— plenary.example/council …\\n"}\n',
      },
    },
  })
  @problem(401, 'No valid token.')
  @problem(403, 'The token is not of an auditor.')
  @problem(404, 'None is signed yet.')
  async checkpoints(@Req() request: ReadRequest, @Res() reply: FastifyReply): Promise<void> {
    auditorOnly(request);
    const { size } = await this.newest();
    void reply.type('application/x-ndjson; charset=utf-8');
    await reply.send(Readable.from(bundleChunks(linesOfNotes(publishedCheckpoints(this.sources.store.bookkeeping, size)))));
  }

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
    const newest = await this.newest();
    if (cosigned === undefined) return newest;
    const {
      ledger,
      sources: { origin, store },
    } = this;
    const keys = await verifierKeysIn(store);
    return covered(() => earlierCheckpoint(cosigned, { origin, keys, ledger, newest }));
  }

  private async newest(): Promise<SignedTree> {
    const tree = await this.ledger.newest();
    if (!tree) throw new RefusalException(ledgerRefusals['no-checkpoint']('Ask again in a few seconds.'));
    return tree;
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

async function* linesOfNotes(notes: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const note of notes) yield JSON.stringify({ note });
}

function auditorOnly({ reader }: ReadRequest): void {
  if (reader.role !== 'auditor')
    throw new RefusalException(runnerRefusals['not-your-role'](`This takes the role auditor; this token has ${reader.role}.`));
}

/** A proof of what lies beyond the checkpoint is refused, and said so; also one that nothing here leads to. */
async function covered<Proof>(prove: () => Promise<Proof>): Promise<Proof> {
  try {
    return await prove();
  } catch (error) {
    if (error instanceof RangeError) throw new RefusalException(ledgerRefusals['not-covered'](`${error.message}.`));
    if (error instanceof ForeignCheckpoint)
      throw new RefusalException(ledgerRefusals['foreign-checkpoint'](`The checkpoint that was given ${error.message}.`));
    if (error instanceof TreeDiffers || error instanceof StoreDiffers)
      throw new RefusalException(httpRefusals['record-diverged'](`${error.message}.`));
    throw error;
  }
}
