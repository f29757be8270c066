// Notes who was refused and who read what is restricted, once each request is answered, or the reader broke off; and who takes a bundle away, before
// it is.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessLog, Accessed } from '#audit';
import type { AuthenticatedRequest } from '#http';

/** By the route that answered: an address can be written in many ways. */
const HISTORY = /^\/api\/v1\/(records|replay|changes|versions|search|lists|samples)(\/|$)|\/(dossier|report)$/;
const EXPORT = '/api/v1/export';
const TILE = '/api/v1/log/tile/*';
/** What somebody searched for; and a note of many lines, which the bundle carries. */
const LEFT_OUT = new Set(['q', 'cosigned']);

export function noteAccess(fastify: FastifyInstance, log: Pick<AccessLog, 'note' | 'synced'>): void {
  const note = (what: Accessed, request: FastifyRequest, status: number): void => log.note({ what, status, ...described(request, what) });
  // Nobody has a byte of a bundle before it stands on the disk who took it: what is cut short was given out as well.
  fastify.addHook('onSend', (request, { statusCode }, payload, done) => {
    if (request.routeOptions.url !== EXPORT || accessed(request, statusCode) !== 'export') return done(null, payload);
    note('export', request, statusCode);
    void log.synced().then(() => done(null, payload));
  });
  const answered = (request: FastifyRequest, status: number): void => {
    const what = accessed(request, status);
    if (what && what !== 'export') note(what, request, status);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    // Whoever broke off has read what was sent by then; where it was sent to its end, the answer is noted as any other.
    reply.raw.once('close', () => {
      if (reply.raw.headersSent && !reply.raw.writableFinished) answered(request, reply.statusCode);
    });
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (reply.raw.writableFinished) answered(request, reply.statusCode);
    done();
  });
}

function accessed(request: FastifyRequest, status: number): Accessed | undefined {
  const { reader, showedRestricted, isFirstTurnedAway } = request as Partial<AuthenticatedRequest>;
  if (status === 401) return request.headers.authorization === undefined ? undefined : 'refused-login';
  // Nobody's: a flood of them must not fill the disk.
  if (status === 429 && reader === undefined) return isFirstTurnedAway && 'refused-login';
  if (request.method !== 'GET' && request.method !== 'HEAD') return status >= 400 && status < 500 ? 'refused-command' : undefined;
  if (reader === undefined || reader.role === 'public') return undefined;
  const { url: route = '' } = request.routeOptions;
  // Who asks for its head is given none of it.
  if (route === EXPORT) return request.method === 'GET' ? 'export' : undefined;
  if (status !== 200) return undefined;
  if (HISTORY.test(route) || (route === TILE && (request.params as { '*': string })['*'].startsWith('entries/'))) return 'history-read';
  return showedRestricted ? 'restricted-read' : undefined;
}

function described({ principal, method, url, query, id, ip }: Partial<AuthenticatedRequest> & FastifyRequest, what: Accessed) {
  return {
    method,
    address: addressOf(url, query as Record<string, string | string[]>).slice(0, 2000),
    request: id,
    ...(principal && { subject: principal.subject, token: principal.token, role: principal.role }),
    ...(what === 'refused-login' && { from: ip }),
  };
}

/** As it was asked for, its query written anew from what was read of it: what was searched for stands in none of its spellings. */
function addressOf(url: string, query: Record<string, string | string[]>): string {
  const parameters = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => `${encodeURIComponent(name)}=${LEFT_OUT.has(name) ? '…' : encodeURIComponent(value)}`),
  );
  const path = url.split(/[?#]/)[0]!;
  return parameters.length > 0 ? `${path}?${parameters.join('&')}` : path;
}
