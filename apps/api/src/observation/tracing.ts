// What a trace is made of, and whether there are any: OpenTelemetry is loaded only where somebody collects.
import type { Interval, Observed, Position } from '#event-store';
import type { Configuration } from '../configuration.js';

/** All times by `performance.now()`. Nothing of what was typed, and no token, comes here. */
export interface Tracing {
  /** @param parent the `traceparent` of who sent it */
  requestBegan(id: string, method: string, parent: string | undefined): void;
  requestAnswered(id: string, answer: { route: string; status: number; role: string | undefined }): void;
  commandAnswered(observed: Observed): void;
  /** A record was stored, and is in the register now; undefined where it is not after a long time. */
  projected(correlation: string, stored: Interval, projectedMs: number | undefined): void;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Resolves true once a position is projected. */
export type WaitForProjection = (position: Position, timeoutMs: number) => Promise<boolean>;

export async function openTracing(configuration: Configuration['tracing'], version: string): Promise<Tracing | undefined> {
  if (!configuration) return undefined;
  const { OtelTracing } = await import('./otel-tracing.js');
  return new OtelTracing(configuration, version);
}
