// One trace from a request over its command and the append to the projection of what was recorded. Loaded where an endpoint is set.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span, type TextMapGetter } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Interval, Observed } from '#event-store';
import type { Tracing } from './tracing.js';

/** Requests whose commands may still come: those of process managers follow the answer. */
const MOST_REMEMBERED = 2_000;

interface Traced {
  span: Span;
  context: Context;
}

const header: TextMapGetter<string> = { keys: () => ['traceparent'], get: (carrier, key) => (key === 'traceparent' ? carrier : undefined) };
const epochMs = (ms: number): number => performance.timeOrigin + ms;

export class OtelTracing implements Tracing {
  private readonly provider: TracerProvider;
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly requests = new Map<string, Traced>();
  private readonly tracer;

  constructor({ endpoint, service }: { endpoint: string; service: string }, version: string) {
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }) })],
    });
    this.tracer = this.provider.getTracer('plenary', version);
  }

  requestBegan(id: string, method: string, parent: string | undefined): void {
    const outer = parent === undefined ? ROOT_CONTEXT : this.propagator.extract(ROOT_CONTEXT, parent, header);
    const span = this.tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'plenary.correlation': id } },
      outer,
    );
    this.requests.set(id, { span, context: trace.setSpan(outer, span) });
    if (this.requests.size > MOST_REMEMBERED) this.requests.delete(this.requests.keys().next().value!);
  }

  requestAnswered(id: string, { route, status, role }: { route: string; status: number; role: string | undefined }): void {
    const span = this.requests.get(id)?.span;
    if (!span) return;
    span.setAttributes({ 'http.route': route, 'http.response.status_code': status, ...(role !== undefined && { 'plenary.role': role }) });
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }

  commandAnswered({ definition, submission, outcome, whole, append }: Observed): void {
    const parent = this.requests.get(submission.correlation)?.context ?? ROOT_CONTEXT;
    const kind = outcome?.kind ?? 'failed';
    const span = this.tracer.startSpan(
      `command ${definition.name}`,
      {
        startTime: epochMs(whole.beganMs),
        attributes: { 'plenary.command': definition.name, 'plenary.outcome': kind, 'plenary.correlation': submission.correlation },
      },
      parent,
    );
    if (outcome?.kind === 'refused') span.setAttribute('plenary.refusal', outcome.refusal.code);
    if (outcome?.kind === 'recorded') span.setAttributes({ 'plenary.events': outcome.events.length, 'plenary.repeated': outcome.repeated });
    if (!outcome) span.setStatus({ code: SpanStatusCode.ERROR });
    if (append) this.interval('append', append, trace.setSpan(parent, span));
    span.end(epochMs(whole.endedMs));
  }

  projected(correlation: string, { endedMs }: Interval, projectedMs: number | undefined): void {
    const parent = this.requests.get(correlation)?.context ?? ROOT_CONTEXT;
    this.interval('projection', { beganMs: endedMs, endedMs: projectedMs ?? performance.now() }, parent, projectedMs === undefined);
  }

  async stop(): Promise<void> {
    await this.provider.shutdown();
  }

  private interval(name: string, { beganMs, endedMs }: Interval, parent: Context, failed = false): void {
    const span = this.tracer.startSpan(name, { startTime: epochMs(beganMs) }, parent);
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(epochMs(endedMs));
  }
}
