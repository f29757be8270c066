// Who sends a request, and whether they send too many: before anything else is asked.
import { SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { httpRefusals, RefusalException, type AuthenticatedRequest } from '#http';
import type { Authenticator } from '#identity';
import { publicReader, type Principal } from '#kernel';
import type { MissingRecords } from './ledger/missing-records.js';

const OPEN = 'plenary:open';
/** Marks what answers without a token: health and the public key. */
export const Open = () => SetMetadata(OPEN, true);

/** Who may ask for an answer may ask for its head. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Failed logins that an address may try in a minute. */
const FAILED_LOGINS_A_MINUTE = 30;

export interface AuthenticationOptions {
  publicRead: boolean;
  /** Requests a second and subject; 0: no limit. */
  rateLimit: number;
  /** What the log lost: who must not read what is left of it. */
  missing: MissingRecords | undefined;
}

export class AuthenticationGuard implements CanActivate {
  private readonly reflector = new Reflector();
  private readonly requests: RateLimiterMemory | undefined;
  private readonly failures = new RateLimiterMemory({ points: FAILED_LOGINS_A_MINUTE, duration: 60 });

  constructor(
    private readonly authenticator: Authenticator,
    private readonly options: AuthenticationOptions,
  ) {
    if (options.rateLimit > 0) this.requests = new RateLimiterMemory({ points: options.rateLimit, duration: 1 });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const { authorization } = request.headers;
    if (authorization === undefined && READS.has(request.method) && this.options.publicRead) {
      await consume(this.requests, request.ip);
      this.assertMayRead('public');
      request.reader = publicReader;
      return true;
    }
    const principal = await this.principalOf(request);
    await consume(this.requests, principal.subject);
    this.assertMayRead(principal.role);
    request.principal = principal;
    request.isStillValid = async () => (await this.authenticator.authenticate(request.headers.authorization)) !== undefined;
    request.reader = principal;
    return true;
  }

  private assertMayRead(role: string): void {
    const withheld = this.options.missing?.withheld;
    if (withheld !== undefined && role !== 'auditor') throw new RefusalException(httpRefusals['record-diverged'](withheld));
  }

  private async principalOf(request: AuthenticatedRequest): Promise<Principal> {
    const principal = await this.authenticator.authenticate(request.headers.authorization);
    // Who holds a token is let in whatever else comes from the address: behind a proxy all come from one.
    if (principal && !this.options.missing?.tokens.has(principal.token)) return principal;
    // Who sends no token at all is told so, and guesses nothing.
    if (request.headers.authorization !== undefined)
      await consume(this.failures, request.ip, (failed) => {
        if (failed === FAILED_LOGINS_A_MINUTE + 1) request.isFirstTurnedAway = true;
      });
    throw new RefusalException(
      httpRefusals.unauthenticated(
        request.headers.authorization === undefined ? 'The request has no token.' : 'The token is not valid, or was revoked.',
      ),
    );
  }
}

/** @param onExceeded told of how many there were by now, where that is too many */
async function consume(limiter: RateLimiterMemory | undefined, key: string, onExceeded?: (count: number) => void): Promise<void> {
  try {
    await limiter?.consume(key);
  } catch (exceeded) {
    if (exceeded instanceof Error) throw exceeded;
    const { msBeforeNext, consumedPoints } = exceeded as RateLimiterRes;
    onExceeded?.(consumedPoints);
    throw tooMany(msBeforeNext);
  }
}

const tooMany = (waitMs: number): RefusalException => {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new RefusalException(httpRefusals['too-many-requests'](`Wait ${seconds} s.`, { retryAfter: seconds }));
};
