// Bodies, members, regions, terms, quotas, offices; organisations, persons, tokens; the clock.
import { closeAccessDay } from '../../../libs/audit/src/access/close-access-day.js';
import { acceptClock, changeSigningKey } from '#event-store';
import { issueToken, revokeToken } from '../../../libs/identity/src/issue-token.js';
import { stateRules } from '../../../libs/bodies/src/body-rules.js';
import { establishBody, renameBody, setBodyAudience } from '../../../libs/bodies/src/establish-body.js';
import { admitMember, defineRegion, endMembership } from '../../../libs/bodies/src/membership.js';
import { assumeOffice, establishOffice, vacateOffice } from '../../../libs/bodies/src/office.js';
import { registerOrganisation, renameOrganisation } from '../../../libs/bodies/src/organisation.js';
import { correctPerson, registerPerson } from '../../../libs/bodies/src/person.js';
import { defineTerm, setSeatQuota } from '../../../libs/bodies/src/seats-of-body.js';
import { derivedId, type CivilDate } from '#kernel';
import type { KnownBody } from '../known.js';
import type { Happening, Happenings, Scene } from './scene.js';

const ofBody =
  (happen: (scene: Scene, body: KnownBody) => Promise<unknown> | undefined): Happening =>
  (scene) => {
    const body = scene.draw.any(scene.known.bodies);
    return body && happen(scene, body);
  };

export const bodies: Happenings = {
  'a body is established': [
    1,
    (scene) =>
      scene.send(establishBody, scene.fresh(), {
        kind: scene.draw.from(['council', 'conference', 'committee'] as const),
        name: scene.draw.text(),
        parent: scene.draw.maybe(() => scene.draw.any(scene.known.bodies)?.id)!,
        zone: 'Europe/Brussels',
        audience: scene.audience()!,
      }),
  ],
  'a body is renamed': [1, ofBody((scene, { id }) => scene.send(renameBody, id, { name: scene.draw.text(), reason: scene.draw.reason() }))],
  'the audience of a body is set': [
    1,
    ofBody((scene, { id }) =>
      scene.send(setBodyAudience, id, { audience: scene.draw.audience(scene.known.organisations), reason: scene.draw.reason() }),
    ),
  ],
  'rules are stated': [
    1,
    ofBody((scene, { id }) =>
      scene.send(stateRules, id, {
        article: 'Art. 9',
        inForceFrom: scene.draw.past(),
        quorum: [
          scene.draw.chance(1, 2)
            ? { for: 'deciding', count: 1 + scene.draw.number(4) }
            : { for: 'deciding', numerator: 1, denominator: 2, moreThan: true },
          { for: 'elections', count: 2 },
        ],
      }),
    ),
  ],
  'an organisation is registered': [
    2,
    (scene) =>
      scene.send(registerOrganisation, scene.fresh(), {
        kind: scene.draw.from(['state-administration', 'regional-office'] as const),
        name: scene.draw.text(),
        shortName: scene.draw.maybe(() => scene.draw.text())!,
      }),
  ],
  'an organisation is renamed': [
    1,
    (scene) => {
      const id = scene.draw.any(scene.known.organisations);
      return (
        id &&
        scene.send(renameOrganisation, id, {
          name: scene.draw.text(),
          shortName: scene.draw.maybe(() => scene.draw.text())!,
          reason: scene.draw.reason(),
        })
      );
    },
  ],
  'a person is registered': [
    2,
    (scene) =>
      scene.send(registerPerson, scene.fresh(), {
        name: scene.draw.text(),
        position: scene.draw.maybe(() => scene.draw.text())!,
        organisation: scene.draw.maybe(() => scene.draw.any(scene.known.organisations))!,
      }),
  ],
  'a person is corrected': [
    2,
    (scene) => {
      const id = scene.draw.any(scene.known.persons);
      return (
        id &&
        scene.send(correctPerson, id, {
          name: scene.draw.maybe(() => scene.draw.text())!,
          organisation: scene.draw.maybe(() => scene.draw.any(scene.known.organisations))!,
          reason: scene.draw.reason(),
        })
      );
    },
  ],
  'a member is admitted': [
    3,
    ofBody((scene, { id, regions }) => {
      const organisation = scene.draw.any(scene.known.organisations);
      return (
        organisation &&
        scene.send(admitMember, id, {
          organisation,
          as: scene.draw.chance(3, 4) ? 'member' : 'observer',
          from: scene.draw.past(),
          region: scene.draw.any(regions)!,
        })
      );
    }),
  ],
  'a membership ends': [
    1,
    ofBody((scene, { id, memberships }) => {
      const membership = scene.draw.any(memberships);
      return membership && scene.send(endMembership, id, { membership, until: scene.draw.date(2026, 3), reason: scene.draw.reason() });
    }),
  ],
  'a region is defined': [1, ofBody((scene, { id }) => scene.send(defineRegion, id, { name: scene.draw.text() }))],
  'a term is defined': [
    1,
    ofBody((scene, { id }) => {
      const year = 2025 + scene.draw.number(5);
      return scene.send(defineTerm, id, {
        name: scene.draw.text(),
        from: `${year}-07-01` as CivilDate,
        until: `${year + 1}-06-30` as CivilDate,
      });
    }),
  ],
  'a quota is set': [
    2,
    ofBody((scene, { id }) => {
      const divided = scene.draw.any(scene.known.bodies.filter(({ regions }) => regions.length > 0));
      return (
        divided &&
        scene.send(setSeatQuota, id, {
          region: scene.draw.from(divided.regions),
          regionOf: divided.id,
          seats: 1 + scene.draw.number(5),
          article: scene.draw.maybe(() => 'Art. 4')!,
        })
      );
    }),
  ],
  'an office is established': [
    1,
    ofBody((scene, { id, regions }) =>
      scene.send(establishOffice, id, { kind: 'vice-chair', name: scene.draw.text(), region: scene.draw.any(regions)! }),
    ),
  ],
  'an office is assumed': [
    1,
    ofBody((scene, { id, offices }) => {
      const office = scene.draw.any(offices);
      return (
        office &&
        scene.send(assumeOffice, id, {
          office,
          person: scene.draw.any(scene.known.persons)!,
          organisation: scene.draw.any(scene.known.organisations)!,
          from: scene.draw.past(),
          acting: scene.draw.maybe(() => true)!,
        })
      );
    }),
  ],
  'an office is vacated': [
    1,
    ofBody((scene, { id, tenures }) => {
      const tenure = scene.draw.any(tenures);
      return tenure && scene.send(vacateOffice, id, { tenure, until: scene.draw.date(2026, 2), reason: scene.draw.reason() });
    }),
  ],
  'a token is issued': [
    1,
    (scene) => {
      const role = scene.draw.from(['auditor', 'secretariat', 'delegate', 'admin'] as const);
      return scene.send(issueToken, scene.fresh(), {
        subject: scene.fresh(),
        secretHash: 'ab'.repeat(32),
        role,
        bodies: role === 'secretariat' ? scene.known.bodies.slice(0, 1).map(({ id }) => id) : [],
        organisation: role === 'delegate' ? scene.draw.any(scene.known.organisations)! : undefined!,
        name: scene.draw.text(),
      });
    },
  ],
  'a token is revoked': [
    1,
    (scene) => {
      const id = scene.draw.any(scene.known.tokens);
      return id && scene.send(revokeToken, id, { reason: scene.draw.reason() });
    },
  ],
  'a day of an access log is over': [
    1,
    (scene) => {
      const day = `2024-05-${String(1 + scene.draw.number(28)).padStart(2, '0')}`;
      return scene.send(
        closeAccessDay,
        scene.fresh(),
        { node: derivedId('access', 'node'), day, entries: 1, hash: 'ab'.repeat(32) },
        { role: 'system' as never },
      );
    },
  ],
  'the signing key is replaced': [
    1,
    (scene) => {
      if (!scene.draw.chance(1, 3)) return undefined;
      // What is not projected yet is not known: then another key is in force, and the change is refused.
      const named = scene.record.events.findLast(({ type }) => type === 'log-opened' || type === 'signing-key-changed')!;
      const { verifierKey, to = verifierKey } = JSON.parse(named.data) as { verifierKey: string; to?: string };
      return scene.send(changeSigningKey, scene.fresh(), {
        from: to,
        to: `key of ${scene.fresh()}`,
        note: 'signed by both',
        reason: scene.draw.text(),
      });
    },
  ],
  'the clock is accepted': [
    1,
    (scene) => (scene.draw.chance(1, 3) ? scene.send(acceptClock, scene.fresh(), { reason: scene.draw.text() }) : undefined),
  ],
};
