// The report of a meeting over HTTP, as Markdown or HTML.
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import Negotiator from 'negotiator';
import { runnerRefusals } from '#event-store';
import { Asking, Languages, problem, QueryFaults, RefusalException, Register } from '#http';
import { isRefusal, isUuid } from '#kernel';
import { ReadModels } from '#read-models';
import { composeReport } from './compose-report.js';
import { PHRASES } from './phrases/phrases.js';
import { putIntoWords } from './put-into-words.js';
import { RegisterAt, Unreadable } from './register-at.js';
import { ReportSources } from './report-sources.js';
import { REPORT_CSP, toHtml } from './render/html.js';
import { toMarkdown } from './render/markdown.js';
import type { Report } from './values.js';

const MARKDOWN = 'text/markdown';
const HTML = 'text/html';

@ApiTags('reports')
@Controller('meetings/:meeting/report')
export class ReportController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly register: Register,
    private readonly sources: ReportSources,
  ) {}

  @Get()
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'read-report',
    summary: 'The report of a meeting, generated from the record: every sentence has the number of the record that says so.',
    description:
      'Markdown, or HTML where Accept prefers it. Texts that are missing in the language that was asked for are given in the original.',
  })
  @ApiQuery({
    name: 'asOf',
    required: false,
    description: 'The register as it stood: a record number, or a time with its offset.',
    schema: { type: 'string' },
    example: 1,
  })
  @ApiHeader({
    name: 'Accept-Language',
    required: false,
    description: 'The languages that are wanted, best first.',
    schema: { type: 'string' },
  })
  @ApiResponse({
    status: 200,
    description: 'The report.',
    content: { [MARKDOWN]: { schema: { type: 'string' }, example: '# A meeting\n' }, [HTML]: { schema: { type: 'string' } } },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(404, 'There is no such meeting, or not for you.')
  @problem(422, 'The moment lies beyond the record.')
  @problem(503, 'The register has not caught up.')
  async report(@Asking() asking: Asking, @Param('meeting') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { request } = asking;
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['asOf']);
    const asOf = faults.text('asOf');
    faults.throwIfAny();
    await this.register.upToDate(request);
    const report = await this.compose(id, asOf, asking);
    const asked = new Negotiator({ headers: request.headers });
    const languages = new Languages(request.headers['accept-language']);
    const lang = asked.language(PHRASES.map((each) => each.lang));
    const worded = putIntoWords(report, PHRASES.find((each) => each.lang === lang) ?? PHRASES[0]!, (texts) => languages.choose(texts));
    const type = asked.mediaType([MARKDOWN, HTML]) === HTML ? HTML : MARKDOWN;
    void reply
      .type(`${type}; charset=utf-8`)
      .header('Content-Language', [...new Set([worded.lang, ...languages.used])].join(', '))
      .header('Vary', 'Accept, Accept-Language, Authorization')
      .header('Plenary-As-Of', String(report.asOf))
      .header('X-Content-Type-Options', 'nosniff')
      .header('Content-Security-Policy', REPORT_CSP);
    return type === HTML ? toHtml(worded) : toMarkdown(worded);
  }

  private async compose(id: string, asOf: string | undefined, { request }: Asking): Promise<Report> {
    const moment = this.readModels.resolveMoment(asOf);
    if (isRefusal(moment)) throw new RefusalException(moment);
    const register = new RegisterAt(this.readModels, moment, request.reader, this.sources.projections);
    try {
      const report = isUuid(id) ? await composeReport(register, id) : undefined;
      if (report) return report;
    } catch (error) {
      if (error instanceof Unreadable) throw new RefusalException(error.refusal);
      throw error;
    }
    throw new RefusalException(runnerRefusals['not-found'](`There is no meeting of this id${asOf === undefined ? '' : ` as of ${asOf}`}.`));
  }
}
