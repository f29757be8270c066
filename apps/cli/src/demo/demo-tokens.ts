// The demo's tokens: one for each role, kept beside its keys. Each role keeps its subject for ever, since a play is repeated by the same subject.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectoryUnsynced } from '#durable';
import { randomId } from '#kernel';
import { ApiClient } from '../api-client.js';
import type { Role } from '../play/play-file.js';

interface Kept {
  subject: string;
  token?: string;
}

export class DemoTokens {
  private readonly admin: ApiClient;

  constructor(
    private readonly address: string,
    private readonly directory: string,
    adminTokenFile: string,
  ) {
    this.admin = new ApiClient(address, readFileSync(adminTokenFile, 'utf8').trim());
  }

  /** @param organisation of a delegate */
  async of(role: Role, organisation?: string): Promise<string> {
    const kept = this.read(role) ?? { subject: randomId() };
    if (kept.token !== undefined && (await this.isValid(kept.token))) return kept.token;
    // Kept before a token is made for it: whatever happens between, the next run goes on under the same subject.
    this.keep(role, { subject: kept.subject });
    const { body } = await this.admin.post('/tokens', {
      role,
      subject: kept.subject,
      name: [{ lang: 'en', text: `Demo ${role}` }],
      ...(organisation !== undefined && { organisation }),
    });
    const token = body['token'] as string;
    this.keep(role, { subject: kept.subject, token });
    return token;
  }

  private async isValid(token: string): Promise<boolean> {
    return (await new ApiClient(this.address, token).request('GET', '/bodies?limit=1')).status === 200;
  }

  private file(role: Role): string {
    return join(this.directory, `demo-${role}.json`);
  }

  private read(role: Role): Kept | undefined {
    return existsSync(this.file(role)) ? (JSON.parse(readFileSync(this.file(role), 'utf8')) as Kept) : undefined;
  }

  private keep(role: Role, kept: Kept): void {
    makeDirectoryUnsynced(this.directory, 0o700);
    const draft = `${this.file(role)}.new`;
    writeFileSync(draft, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
    renameSync(draft, this.file(role));
  }
}
