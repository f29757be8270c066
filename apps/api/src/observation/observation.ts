// What an operator sees of a node: the log of its process, metrics, and traces where somebody collects them.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Interval, Observed, Position } from '#event-store';
import type { AuthenticatedRequest } from '#http';
import type { Configuration } from '../configuration.js';
import { listenAt } from '../listen.js';
import type { PlenaryNode } from '../plenary-node.js';
import { VERSION } from '../version.js';
import { Metrics } from './metrics.js';
import { serveMetrics, type MetricsServer } from './metrics-server.js';
import { openTracing, type Tracing, type WaitForProjection } from './tracing.js';

/** How long a trace waits for the register. */
const PROJECTED_WITHIN_MS = 60_000;
const METRICS_AT = { host: 'PLENARY_METRICS_HOST', port: 'PLENARY_METRICS_PORT' };
/** Asked every few seconds, by programs: they would drown the rest. */
const QUIET = /^\/api\/v1\/(health|metrics)(\/|$)/;

export class Observation {
  private waitForProjection: WaitForProjection = () => Promise.resolve(false);
  private metricsServer: MetricsServer | undefined;
  private readonly waiting = new Set<Promise<void>>();

  private constructor(
    readonly metrics: Metrics,
    private readonly tracing: Tracing | undefined,
    private readonly logger: Logger,
  ) {}

  static async open({ tracing }: Configuration, logger: Logger): Promise<Observation> {
    return new Observation(new Metrics(), await openTracing(tracing, VERSION), logger);
  }

  /** Where the metrics are open without a token. */
  get metricsAddress(): string | undefined {
    return this.metricsServer?.address;
  }

  readonly commandAnswered = (observed: Observed): void => {
    this.metrics.command(observed);
    if (!this.tracing) return;
    this.tracing.commandAnswered(observed);
    const { submission, outcome, append } = observed;
    if (outcome?.kind !== 'recorded' || !outcome.position || !append) return;
    const waiting = this.traceProjection(submission.correlation, outcome.position, append).finally(() => this.waiting.delete(waiting));
    this.waiting.add(waiting);
  };

  readonly appended = (_position: Position, events: readonly unknown[], took: Interval): void => this.metrics.appended(events.length, took);

  /** @throws ConfigurationError where nobody can listen at the place of the metrics */
  async watch(node: PlenaryNode, { data, metrics }: Configuration): Promise<void> {
    this.metrics.watch(node, data);
    this.waitForProjection = (position, timeoutMs) => node.projector.waitFor(position, timeoutMs);
    if (metrics) this.metricsServer = await listenAt(() => serveMetrics(this.metrics, metrics.host, metrics.port), metrics, METRICS_AT);
  }

  observeRequests(fastify: FastifyInstance): void {
    const { tracing } = this;
    if (tracing) {
      fastify.addHook('onRequest', ({ id, method, headers: { traceparent } }, _reply, done) => {
        tracing.requestBegan(id, method, typeof traceparent === 'string' ? traceparent : undefined);
        done();
      });
    }
    fastify.addHook('onResponse', (request, { statusCode, elapsedTime }, done) => {
      this.requestAnswered(request, statusCode, elapsedTime);
      done();
    });
  }

  /** Once the node has stopped: what was not projected by then is said to be so. */
  async stop(): Promise<void> {
    await this.metricsServer?.stop();
    await Promise.all(this.waiting);
    await this.tracing?.stop().catch((error: unknown) => this.logger.warn({ error }, 'the last traces could not be sent'));
  }

  private requestAnswered(request: FastifyRequest, status: number, elapsedMs: number): void {
    const { id, method, routeOptions, principal } = request as FastifyRequest & Partial<AuthenticatedRequest>;
    const route = routeOptions?.url ?? 'none';
    this.metrics.answered(method, route, status, elapsedMs);
    this.tracing?.requestAnswered(id, { route, status, role: principal?.role });
    const line = {
      correlation: id,
      method,
      route,
      status,
      ms: Math.round(elapsedMs * 100) / 100,
      ...(principal && { subject: principal.subject, role: principal.role }),
    };
    if (QUIET.test(route)) this.logger.debug(line, 'request');
    else this.logger.info(line, 'request');
  }

  private async traceProjection(correlation: string, position: Position, append: Interval): Promise<void> {
    const isProjected = await this.waitForProjection(position, PROJECTED_WITHIN_MS);
    this.tracing!.projected(correlation, append, isProjected ? performance.now() : undefined);
  }
}
