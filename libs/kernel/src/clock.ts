// The clock is a port: the record's times come from here, and a clock that jumps stops commands instead of backdating them.
import { utcTime, type UtcTime } from './time.js';

export interface Clock {
  /** Wall time in milliseconds since 1970, UTC. */
  now(): number;
  /** Milliseconds from an arbitrary origin; never goes back. */
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** A wall clock may depart this far from the monotonic one, or lie this far behind the last record, before commands stop. */
export const CLOCK_TOLERANCE_MS = 2_000;

/** Judges whether recorded times can be trusted: compares the wall clock with the monotonic one and with the last record. */
export class ClockGuard {
  private baseWall: number;
  private baseMonotonic: number;
  private lastRecordedMs = 0;
  private projectedMs = 0;

  constructor(private readonly clock: Clock) {
    this.baseWall = clock.now();
    this.baseMonotonic = clock.monotonic();
  }

  /** Tells the guard the time of a record that was read. */
  observe(recordedAt: string): void {
    this.lastRecordedMs = Math.max(this.lastRecordedMs, Date.parse(recordedAt));
  }

  /**
   * Tells the guard how far the log is, whoever wrote it.
   * @param runningMs running maximum of the records' times, which falls where somebody accepted a clock
   */
  observeProjected(runningMs: number): void {
    this.lastRecordedMs = runningMs < this.projectedMs ? runningMs : Math.max(this.lastRecordedMs, runningMs);
    this.projectedMs = runningMs;
  }

  /** The wall clock as it stands, whether or not it can be trusted. */
  wall(): UtcTime {
    return utcTime(this.clock.now());
  }

  /** The time to record under, or undefined while the clock is unsure. */
  read(): UtcTime | undefined {
    const now = this.clock.now();
    const elapsed = this.clock.monotonic() - this.baseMonotonic;
    if (Math.abs(now - this.baseWall - elapsed) > CLOCK_TOLERANCE_MS) return undefined;
    if (now < this.lastRecordedMs - CLOCK_TOLERANCE_MS) return undefined;
    return utcTime(now);
  }

  /** The wall clock as it stands now is right: an operator said so, and the record says that they did. */
  accept(): void {
    this.baseWall = this.clock.now();
    this.baseMonotonic = this.clock.monotonic();
    this.lastRecordedMs = 0;
  }
}
