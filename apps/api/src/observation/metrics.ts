// What a node tells Prometheus: counted as it happens, or asked for when it is scraped. No label holds an id or a text.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Interval, Observed } from '#event-store';
import { healthOf } from '../health.js';
import type { PlenaryNode } from '../plenary-node.js';
import { VERSION } from '../version.js';
import { sizesOf, type Sizes } from './sizes.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const APPEND_SECONDS = [0.0001, 0.00025, 0.0005, ...SECONDS];

export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = this.counter('http_requests_total', 'Requests that were answered.', ['method', 'route', 'status']);
  private readonly requestSeconds = this.histogram('http_request_seconds', 'From a request to its answer.', SECONDS, ['method']);
  private readonly commands = this.counter(
    'commands_total',
    'Commands that were answered, by type and outcome: recorded, repeated, unchanged, failed, or the code of the refusal.',
    ['command', 'outcome'],
  );
  private readonly appendSeconds = this.histogram('append_seconds', 'Until an append was durable.', APPEND_SECONDS);
  private readonly appendedEvents = this.counter('appended_events_total', 'Events that this node stored.');

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** @param route the pattern, never the address */
  answered(method: string, route: string, status: number, ms: number): void {
    this.requests.inc({ method, route, status });
    this.requestSeconds.observe({ method }, ms / 1000);
  }

  command({ definition, outcome }: Observed): void {
    this.commands.inc({ command: definition.name, outcome: outcomeOf(outcome) });
  }

  appended(events: number, { beganMs, endedMs }: Interval): void {
    this.appendSeconds.observe((endedMs - beganMs) / 1000);
    this.appendedEvents.inc(events);
  }

  /** What is asked for when it is scraped. */
  watch(node: PlenaryNode, dataDirectory: string): void {
    let sizes: Sizes = sizesOf(dataDirectory);
    // Gauges are collected in the order in which they were made: the files are looked at once a scrape.
    this.gauge('log_bytes', 'Of the log, where it lies in the data directory.', () => (sizes = sizesOf(dataDirectory)).log);
    this.gauge('log_wal_bytes', 'Of its write-ahead log.', () => sizes.logWal);
    this.gauge('read_models_bytes', 'Of the read models, with what is being built.', () => sizes.readModels);
    this.gauge('read_models_wal_bytes', 'Of their write-ahead logs.', () => sizes.readModelsWal);
    this.gauge('data_free_bytes', 'Room on the disk of the data directory.', () => sizes.free);
    this.gauge('ready', '1 where commands are taken and the register follows.', () => (healthOf(node).status === 'ready' ? 1 : 0));
    this.gauge('records', 'The number of the last record that this node knows.', () => node.projector.progress.record + node.lag);
    this.gauge('projected_records', 'The number of the last record in the register.', () => node.projector.progress.record);
    this.gauge('projection_lag_records', 'Records that are not in the register yet.', () => node.lag);
    this.gauge('projection_stopped', '1 where the projection has stopped or is held up.', () =>
      node.projector.alarm() === undefined ? 0 : 1,
    );
    this.gauge('subscription_restarts_total', 'How often following a database began anew.', () => node.interruptions);
    this.gauge('checkpoint_records', 'Records that the newest checkpoint of this node covers.', () => node.signer?.newest?.size);
    this.gauge('checkpoint_age_seconds', 'Since the newest checkpoint of this node was signed.', () =>
      ageOf(node.signer?.newest?.timeSeconds),
    );
    this.gauge('signer_trouble', '1 where records stand without a checkpoint for too long, or nothing may be signed.', () =>
      node.signer ? (node.signer.trouble === undefined ? 0 : 1) : undefined,
    );
    this.gauge('removals_pending', '1 where removed texts may still lie in a file.', () => (node.removals.pending === undefined ? 0 : 1));
    new Gauge({ name: 'plenary_build_info', help: 'The version.', labelNames: ['version'], registers: [this.registry] }).set(
      { version: VERSION },
      1,
    );
  }

  private counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name: `plenary_${name}`, help, labelNames, registers: [this.registry] });
  }

  private histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly Label[] = [],
  ): Histogram<Label> {
    return new Histogram({ name: `plenary_${name}`, help, buckets, labelNames, registers: [this.registry] });
  }

  /** @param value undefined where this node has none */
  private gauge(name: string, help: string, value: () => number | undefined): void {
    new Gauge({
      name: `plenary_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        const found = value();
        if (found === undefined) this.remove();
        else this.set(found);
      },
    });
  }
}

const ageOf = (timeSeconds: number | undefined): number | undefined =>
  timeSeconds === undefined ? undefined : Math.max(0, Date.now() / 1000 - timeSeconds);

function outcomeOf(outcome: Observed['outcome']): string {
  if (!outcome) return 'failed';
  if (outcome.kind === 'refused') return outcome.refusal.code;
  return outcome.kind === 'recorded' && outcome.repeated ? 'repeated' : outcome.kind;
}
