// Search over all that people typed and the reader may see.
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { Asking, Languages, pageCursor, pageLimit, presentRow, problem, QueryFaults, RefusalException, Register } from '#http';
import { isRefusal } from '#kernel';
import { ReadModels } from '#read-models';
import { schema } from './composition.js';

const searched = [...schema.tables.values()]
  .filter(({ definition }) => Object.values(definition.columns).some(({ searched }) => searched))
  .map(({ name }) => name);

@ApiTags('search')
@Controller('search')
export class SearchController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly register: Register,
  ) {}

  @Get()
  @ApiSecurity('token')
  @ApiOperation({ operationId: 'search', summary: 'Finds words in titles, remarks, wordings and other texts; the last recorded first.' })
  @ApiQuery({ name: 'q', required: true, description: 'Words that must all occur.', schema: { type: 'string' }, example: 'customs' })
  @ApiQuery({ name: 'in', required: false, description: 'Only in this table.', schema: { type: 'string', enum: searched } })
  @ApiQuery({ name: 'lang', required: false, description: 'Only in texts of this language.', schema: { type: 'string' } })
  @ApiQuery({
    name: 'asOf',
    required: false,
    description: 'The register as it stood: a record number, or a time with its offset.',
    schema: { type: 'string' },
  })
  @pageLimit('Hits in a page.')
  @pageCursor
  @ApiResponse({
    status: 200,
    description: 'A page.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['asOf', 'hits'],
          properties: { asOf: { type: 'integer' }, hits: { type: 'array', items: { type: 'object' } }, next: { type: 'string' } },
        },
        example: { asOf: 57, hits: [] },
      },
    },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  async search(@Asking() { request }: Asking) {
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['q', 'in', 'lang', 'asOf', 'limit', 'cursor']);
    const [q, only, lang, asOf, cursor] = ['q', 'in', 'lang', 'asOf', 'cursor'].map((name) => faults.text(name));
    const limit = faults.limit();
    if (q === undefined || q.trim() === '') faults.add('q', 'must hold at least one word');
    if (only !== undefined && !searched.includes(only)) faults.add('in', `must be one of ${searched.join(', ')}`);
    faults.throwIfAny();
    await this.register.upToDate(request);
    const moment = this.readModels.resolveMoment(asOf);
    if (isRefusal(moment)) throw new RefusalException(moment);
    const page = await this.readModels.search(
      q!,
      { moment, limit, ...(only && { tables: [only] }), ...(lang && { lang }), ...(cursor && { cursor }) },
      request.reader,
    );
    if (isRefusal(page)) throw new RefusalException(page);
    const languages = new Languages(request.headers['accept-language']);
    return {
      asOf: page.moment.record,
      hits: page.hits.map(({ table, lang: found, row }) => ({
        in: table,
        lang: found,
        found: presentRow(schema.tables.get(table)!.definition, row, languages),
      })),
      ...(page.next !== undefined && { next: page.next }),
    };
  }
}
