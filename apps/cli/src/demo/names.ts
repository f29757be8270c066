// Names of what rows mention by id.
import type { ApiClient } from '../api-client.js';
import { harmlessLine } from '../terminal.js';

export interface Text {
  lang: string;
  text: string;
}

export interface Party {
  person?: string;
  organisation?: string;
  named?: Text;
}

interface Named {
  id: string;
  name?: Text;
  title?: Text;
  shortName?: Text;
}

export class Names {
  private readonly names = new Map<string, string>();

  static async read(client: ApiClient): Promise<Names> {
    const names = new Names();
    const bodies = await client.list<Named>('/bodies');
    names.learn(bodies);
    for (const path of ['/organisations', '/persons', '/meetings']) names.learn(await client.list<Named>(path));
    for (const { id } of bodies) {
      for (const part of ['regions', 'terms', 'offices']) names.learn(await client.list<Named>(`/bodies/${id}/${part}`));
    }
    return names;
  }

  of(id: string): string {
    return this.names.get(id) ?? id;
  }

  party({ person, organisation, named }: Party): string {
    if (named) return harmlessLine(named.text);
    return this.of((person ?? organisation)!);
  }

  owner(owner: { office?: string; organisation?: string; body?: string; person?: string }): string {
    return this.of((owner.office ?? owner.organisation ?? owner.body ?? owner.person)!);
  }

  private learn(rows: readonly Named[]): void {
    for (const { id, name, title } of rows) this.names.set(id, harmlessLine((name ?? title)?.text ?? id));
  }
}
