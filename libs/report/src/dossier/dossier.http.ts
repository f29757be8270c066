// Dossiers over HTTP: the whole chain of a decision, a seat, a follow-up or a document, as JSON, Markdown or HTML.
import { applyDecorators, Controller, Get, Param, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import Negotiator from 'negotiator';
import { Records } from '#audit/contracts';
import { runnerRefusals } from '#event-store';
import { Asking, Languages, problem, QueryFaults, RefusalException, Register } from '#http';
import { isRefusal, isUuid } from '#kernel';
import { ReadModels } from '#read-models';
import { PHRASES } from '../phrases/phrases.js';
import { RegisterAt, Unreadable } from '../register-at.js';
import { ReportSources } from '../report-sources.js';
import { composeDossier } from './compose-dossier.js';
import type { Dossier, Subject } from './dossier.js';
import { DOSSIER_EXAMPLE, DOSSIER_SCHEMA } from './dossier-schema.js';
import { Events } from './events.js';
import { presentDossier, type ShownDossier } from './present-dossier.js';
import { DOSSIER_CSP, dossierHtml } from './render/dossier-html.js';
import { dossierMarkdown } from './render/dossier-markdown.js';
import { putDossierIntoWords } from './words/put-dossier-into-words.js';
import { DOSSIER_WORDS } from './words/words.js';

const JSON_TYPE = 'application/json';
const MARKDOWN = 'text/markdown';
const HTML = 'text/html';

const SINGULAR: Readonly<Record<Subject, string>> = {
  decisions: 'decision',
  seats: 'seat',
  follow_ups: 'follow-up',
  documents: 'document',
};

const Dossiers = (path: string, subject: Subject): MethodDecorator =>
  applyDecorators(
    Get(path),
    ApiSecurity('token'),
    ApiOperation({
      operationId: `read-${SINGULAR[subject]}-dossier`,
      summary: `The dossier of a ${SINGULAR[subject]}: its whole chain in order, each value with its record and its place in the event.`,
      description:
        'JSON; Markdown, or HTML that prints, where Accept prefers it. What it rested on when it was recorded is in it also where that was struck since, with the strike. Of what you may not see it has nothing, and says in which links something is withheld. Texts that are missing in the language that was asked for are given in the original.',
    }),
    ApiQuery({
      name: 'asOf',
      required: false,
      description: 'The register as it stood: a record number, or a time with its offset.',
      schema: { type: 'string' },
      example: 1,
    }),
    ApiHeader({
      name: 'Accept-Language',
      required: false,
      description: 'The languages that are wanted, best first.',
      schema: { type: 'string' },
    }),
    ApiResponse({
      status: 200,
      description: 'The dossier.',
      content: {
        [JSON_TYPE]: { schema: DOSSIER_SCHEMA, example: DOSSIER_EXAMPLE },
        [MARKDOWN]: { schema: { type: 'string' } },
        [HTML]: { schema: { type: 'string' } },
      },
    }),
    problem(400, 'Parameters are wrong.'),
    problem(401, 'No valid token.'),
    problem(404, 'There is none of this id, or not for you.'),
    problem(422, 'The moment lies beyond the record.'),
    problem(503, 'The register has not caught up.'),
  );

@ApiTags('dossiers')
@Controller()
export class DossierController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly register: Register,
    private readonly records: Records,
    private readonly sources: ReportSources,
  ) {}

  @Dossiers('decisions/:decision/dossier', 'decisions')
  decision(@Asking() asking: Asking, @Param('decision') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer('decisions', id, asking, reply);
  }

  @Dossiers('seats/:seatId/dossier', 'seats')
  seat(@Asking() asking: Asking, @Param('seatId') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer('seats', id, asking, reply);
  }

  @Dossiers('follow-ups/:followUp/dossier', 'follow_ups')
  followUp(@Asking() asking: Asking, @Param('followUp') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer('follow_ups', id, asking, reply);
  }

  @Dossiers('documents/:document/dossier', 'documents')
  document(@Asking() asking: Asking, @Param('document') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer('documents', id, asking, reply);
  }

  private async answer(subject: Subject, id: string, asking: Asking, reply: FastifyReply): Promise<ShownDossier | string> {
    const { request } = asking;
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['asOf']);
    const asOf = faults.text('asOf');
    faults.throwIfAny();
    await this.register.upToDate(request);
    const dossier = await this.compose(subject, id, asOf, asking);
    const asked = new Negotiator({ headers: request.headers });
    const languages = new Languages(request.headers['accept-language']);
    const shown = presentDossier(dossier, (texts) => languages.choose(texts));
    const type = asked.mediaType([JSON_TYPE, MARKDOWN, HTML]) ?? JSON_TYPE;
    const lang = asked.language(DOSSIER_WORDS.map((each) => each.lang));
    const words = DOSSIER_WORDS.find((each) => each.lang === lang) ?? DOSSIER_WORDS[0]!;
    const used = type === JSON_TYPE ? [...languages.used] : [...new Set([words.lang, ...languages.used])];
    void reply
      .type(`${type}; charset=utf-8`)
      .header('Vary', 'Accept, Accept-Language, Authorization')
      .header('Plenary-As-Of', String(dossier.asOf))
      .header('X-Content-Type-Options', 'nosniff');
    if (used.length > 0) void reply.header('Content-Language', used.join(', '));
    if (type === JSON_TYPE) return shown;
    void reply.header('Content-Security-Policy', DOSSIER_CSP);
    const worded = putDossierIntoWords(shown, words, PHRASES.find((each) => each.lang === words.lang)!.codes);
    return type === HTML ? dossierHtml(worded) : dossierMarkdown(worded);
  }

  private async compose(subject: Subject, id: string, asOf: string | undefined, { request: { reader } }: Asking): Promise<Dossier> {
    const moment = this.readModels.resolveMoment(asOf);
    if (isRefusal(moment)) throw new RefusalException(moment);
    const register = new RegisterAt(this.readModels, moment, reader, this.sources.projections);
    try {
      const dossier = isUuid(id) ? await composeDossier(subject, id, register, new Events(this.records, reader)) : undefined;
      if (dossier) return dossier;
    } catch (error) {
      if (error instanceof Unreadable) throw new RefusalException(error.refusal);
      throw error;
    }
    throw new RefusalException(
      runnerRefusals['not-found'](`There is no ${SINGULAR[subject]} of this id${asOf === undefined ? '' : ` as of ${asOf}`}.`),
    );
  }
}
