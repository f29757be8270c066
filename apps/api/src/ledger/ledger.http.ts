// The ledger over HTTP: the C2SP paths that public tools read, and proofs.
import { Readable } from 'node:stream';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { runnerRefusals } from '#event-store';
import { Asking, problem, QueryFaults, RefusalException, type ReadRequest } from '#http';
import { formatTlogProof, toBase64 } from '#ledger/core';
import { bundleChunks, publishedCheckpoints } from '#ledger/writer';
import { BundleSources } from './bundles.js';
import { auditorOnly, covered, newestTree } from './ledger-refusals.js';
import { Ledger, TILE_PATH } from './ledger.js';

@ApiTags('ledger')
@Controller()
export class LedgerController {
  constructor(
    private readonly ledger: Ledger,
    private readonly sources: BundleSources,
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
    return (await newestTree(this.ledger)).note;
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
    const tree = await newestTree(this.ledger);
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
    const tree = await newestTree(this.ledger);
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
    const { size } = await newestTree(this.ledger);
    void reply.type('application/x-ndjson; charset=utf-8');
    await reply.send(Readable.from(bundleChunks(linesOfNotes(publishedCheckpoints(this.sources.store.bookkeeping, size)))));
  }
}

async function* linesOfNotes(notes: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const note of notes) yield JSON.stringify({ note });
}
