// The register of bodies, their members, regions, terms, quotas and offices; of organisations and persons.
import { list, projection, table } from '#read-models';
import { BODY_KINDS, OFFICE_KINDS, type BodyEvent } from './body.events.js';
import { quotaId } from './body.js';
import { ORGANISATION_KINDS, type OrganisationEvent, type PersonEvent } from './party.events.js';

const ofBody = { within: [{ column: 'body', table: 'bodies' }], otherwise: { kind: 'members' } } as const;

export const bodies = table({
  name: 'bodies',
  singular: 'body',
  says: 'A standing entity that meets.',
  columns: {
    kind: { type: 'code', says: 'What kind of body it is.', oneOf: BODY_KINDS },
    name: { type: 'texts', says: 'Its name.', searched: true },
    parent: { type: 'id', says: 'The body to which it reports.', of: 'bodies' },
    zone: { type: 'code', says: 'The IANA zone in which its days are reckoned.' },
  },
  audience: { bodies: 'id', otherwise: { kind: 'members' } },
});

export const bodyRules = table({
  name: 'body_rules',
  singular: 'body-rules',
  says: 'The rules of a body as they are in force from a date.',
  columns: {
    body: { type: 'id', says: 'The body.', of: 'bodies' },
    article: { type: 'code', says: 'The article that says so.' },
    inForceFrom: { type: 'date', says: 'The first day on which they are in force.' },
    quorum: { type: 'json', says: 'How many must be present: for what, and a count or a share.' },
  },
  audience: ofBody,
});

export const memberships = table({
  name: 'memberships',
  singular: 'membership',
  says: 'An organisation as a member or observer of a body, from a date to a date.',
  columns: {
    body: { type: 'id', says: 'The body.', of: 'bodies' },
    organisation: { type: 'id', says: 'The member or observer.', of: 'organisations' },
    as: { type: 'code', says: 'Whether it counts and votes, or attends.', oneOf: ['member', 'observer'] },
    region: { type: 'id', says: 'The region to which it belongs.', of: 'regions' },
    from: { type: 'date', says: 'The first day.' },
    until: { type: 'date', says: 'The last day; none while it lasts.' },
  },
  audience: ofBody,
});

export const regions = table({
  name: 'regions',
  singular: 'region',
  says: 'A region that divides the members of a body.',
  columns: {
    body: { type: 'id', says: 'The body whose members it divides.', of: 'bodies' },
    name: { type: 'texts', says: 'Its name.', searched: true },
  },
  audience: ofBody,
});

export const terms = table({
  name: 'terms',
  singular: 'term',
  says: 'A period for which the seats of a body are held.',
  columns: {
    body: { type: 'id', says: 'The body whose seats it times.', of: 'bodies' },
    name: { type: 'texts', says: 'Its name.' },
    from: { type: 'date', says: 'The first day.' },
    until: { type: 'date', says: 'The last day.' },
  },
  audience: ofBody,
});

export const seatQuotas = table({
  name: 'seat_quotas',
  singular: 'seat-quota',
  says: 'How many seats on a body a region has.',
  columns: {
    body: { type: 'id', says: 'The body that has the seats.', of: 'bodies' },
    region: { type: 'id', says: 'The region.', of: 'regions' },
    regionOf: { type: 'id', says: 'The body whose members the region divides.', of: 'bodies' },
    seats: { type: 'integer', says: 'How many.' },
    article: { type: 'code', says: 'The article that says so.' },
  },
  audience: ofBody,
});

export const offices = table({
  name: 'offices',
  singular: 'office',
  says: 'An office of a body.',
  columns: {
    body: { type: 'id', says: 'The body.', of: 'bodies' },
    kind: { type: 'code', says: 'What office it is.', oneOf: OFFICE_KINDS },
    name: { type: 'texts', says: 'Its name.' },
    region: { type: 'id', says: 'The region for which it is held.', of: 'regions' },
  },
  audience: ofBody,
});

export const tenures = table({
  name: 'tenures',
  singular: 'tenure',
  says: 'Who holds an office, from a date to a date.',
  columns: {
    body: { type: 'id', says: 'The body.', of: 'bodies' },
    office: { type: 'id', says: 'The office.', of: 'offices' },
    person: { type: 'id', says: 'Who exercises it.', of: 'persons' },
    organisation: { type: 'id', says: 'The member that holds it.', of: 'organisations' },
    from: { type: 'date', says: 'The first day.' },
    until: { type: 'date', says: 'The last day; none while it lasts.' },
    acting: { type: 'boolean', says: 'Whether in place of the holder.' },
  },
  audience: ofBody,
});

export const organisations = table({
  name: 'organisations',
  singular: 'organisation',
  says: 'An organisation that can be a member or an observer.',
  columns: {
    kind: { type: 'code', says: 'What kind of organisation it is.', oneOf: ORGANISATION_KINDS },
    name: { type: 'texts', says: 'Its name.', searched: true },
    shortName: { type: 'texts', says: 'Its name in short.' },
  },
  audience: { otherwise: { kind: 'public' } },
});

export const persons = table({
  name: 'persons',
  singular: 'person',
  says: 'A person who speaks or holds office.',
  columns: {
    name: { type: 'texts', says: 'Their name.', searched: true },
    position: { type: 'texts', says: 'The office in which they serve, in words.' },
    organisation: { type: 'id', says: 'The organisation for which they work.', of: 'organisations' },
  },
  audience: { otherwise: { kind: 'public' } },
});

export const bodiesList = list({ name: 'bodies', table: bodies, says: 'Bodies.', filters: ['parent', 'kind'] });
export const bodyRulesList = list({ name: 'body-rules', table: bodyRules, says: 'Rules of a body.', scopes: ['body'] });
export const membershipsList = list({
  name: 'memberships',
  table: memberships,
  says: 'Members and observers of a body.',
  scopes: ['body'],
  filters: ['organisation', 'as', 'region'],
});
export const regionsList = list({ name: 'regions', table: regions, says: 'Regions of a body.', scopes: ['body'] });
export const termsList = list({ name: 'terms', table: terms, says: 'Terms of the seats of a body.', scopes: ['body'] });
export const seatQuotasList = list({
  name: 'seat-quotas',
  table: seatQuotas,
  says: 'How many seats on a body each region has.',
  scopes: ['body'],
  filters: ['region'],
});
export const officesList = list({ name: 'offices', table: offices, says: 'Offices of a body.', scopes: ['body'] });
export const tenuresList = list({
  name: 'tenures',
  table: tenures,
  says: 'Who holds the offices of a body.',
  scopes: ['body'],
  filters: ['office', 'person', 'organisation'],
});
export const organisationsList = list({ name: 'organisations', table: organisations, says: 'Organisations.', filters: ['kind'] });
export const personsList = list({ name: 'persons', table: persons, says: 'Persons.', filters: ['organisation'] });

export const bodiesProjection = projection<BodyEvent | OrganisationEvent | PersonEvent>({
  name: 'bodies',
  tables: [bodies, bodyRules, memberships, regions, terms, seatQuotas, offices, tenures, organisations, persons],
  lists: [
    bodiesList,
    bodyRulesList,
    membershipsList,
    regionsList,
    termsList,
    seatQuotasList,
    officesList,
    tenuresList,
    organisationsList,
    personsList,
  ],
  apply: {
    'body-established': ({ streamId, data: { kind, name, parent, zone, audience } }, t) =>
      t.put(bodies, streamId, { kind, name, parent: parent ?? null, zone: zone ?? null, audience }),
    'body-renamed': ({ streamId, data }, t) => t.put(bodies, streamId, { name: data.name }),
    'body-audience-set': ({ streamId, data }, t) => t.put(bodies, streamId, { audience: data.audience }),
    'body-rules-stated': ({ id, streamId, data }, t) =>
      t.put(bodyRules, id, { body: streamId, article: data.article ?? null, inForceFrom: data.inForceFrom, quorum: data.quorum }),
    'member-admitted': ({ streamId, data }, t) =>
      t.put(memberships, data.membership, {
        body: streamId,
        organisation: data.organisation,
        as: data.as,
        region: data.region ?? null,
        from: data.from,
        until: null,
      }),
    'membership-ended': ({ data }, t) => t.put(memberships, data.membership, { until: data.until }),
    'region-defined': ({ streamId, data }, t) => t.put(regions, data.region, { body: streamId, name: data.name }),
    'term-defined': ({ streamId, data }, t) =>
      t.put(terms, data.term, { body: streamId, name: data.name, from: data.from, until: data.until }),
    'seat-quota-set': ({ streamId, data }, t) =>
      // One that held before what stands: the row shows by its revision that it was recorded, and stays as it is.
      t.put(
        seatQuotas,
        quotaId(streamId, data.region),
        data.until
          ? {}
          : { body: streamId, region: data.region, regionOf: data.regionOf, seats: data.seats, article: data.article ?? null },
      ),
    'office-established': ({ streamId, data }, t) =>
      t.put(offices, data.office, { body: streamId, kind: data.kind, name: data.name, region: data.region ?? null }),
    'office-assumed': ({ streamId, data }, t) =>
      t.put(tenures, data.tenure, {
        body: streamId,
        office: data.office,
        person: data.person ?? null,
        organisation: data.organisation ?? null,
        from: data.from,
        until: data.until ?? null,
        acting: data.acting ?? false,
      }),
    'office-vacated': ({ data }, t) => t.put(tenures, data.tenure, { until: data.until }),
    'organisation-registered': ({ streamId, data }, t) =>
      t.put(organisations, streamId, { kind: data.kind, name: data.name, shortName: data.shortName ?? null }),
    'organisation-renamed': ({ streamId, data }, t) =>
      t.put(organisations, streamId, { name: data.name, ...(data.shortName && { shortName: data.shortName }) }),
    'person-registered': ({ streamId, data }, t) =>
      t.put(persons, streamId, { name: data.name, position: data.position ?? null, organisation: data.organisation ?? null }),
    'person-corrected': ({ streamId, data: { name, position, organisation } }, t) =>
      t.put(persons, streamId, { ...(name && { name }), ...(position && { position }), ...(organisation && { organisation }) }),
  },
});
