// Notes who was refused, who took bundles away and who read what is restricted, once each request is answered.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessLog, Accessed } from '#audit';
import type { AuthenticatedRequest } from '#http';

const HISTORY = /^\/api\/v1\/(records|replay|changes|versions|search|lists|samples|log\/tile\/entries)(\/|\?|$)|\/(dossier|report)(\?|$)/;
const EXPORT = /^\/api\/v1\/export(\?|$)/;
const SEARCHED = /([?&]q=)[^&]*/g;

export function noteAccess(fastify: FastifyInstance, log: AccessLog): void {
  fastify.addHook('onResponse', (request, { statusCode }, done) => {
    const what = accessed(request, statusCode);
    if (what) log.note({ what, status: statusCode, ...described(request, what) });
    done();
  });
}

function accessed(request: FastifyRequest, status: number): Accessed | undefined {
  const { reader, showedRestricted } = request as Partial<AuthenticatedRequest>;
  if (status === 401) return request.headers.authorization === undefined ? undefined : 'refused-login';
  if (request.method !== 'GET' && request.method !== 'HEAD') return status >= 400 && status < 500 ? 'refused-command' : undefined;
  if (reader === undefined || reader.role === 'public') return undefined;
  if (EXPORT.test(request.url)) return 'export';
  if (status !== 200) return undefined;
  if (HISTORY.test(request.url)) return 'history-read';
  return showedRestricted ? 'restricted-read' : undefined;
}

function described({ principal, method, url, id, ip }: Partial<AuthenticatedRequest> & FastifyRequest, what: Accessed) {
  return {
    method,
    address: url.replace(SEARCHED, '$1…').slice(0, 2000),
    request: id,
    ...(principal && { subject: principal.subject, token: principal.token, role: principal.role }),
    ...(what === 'refused-login' && { from: ip }),
  };
}
