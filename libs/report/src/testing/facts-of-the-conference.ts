// What the public report of the 2024 WCO Europe Region Heads of Customs Conference states: each fact in a sentence of ours, said by a record of this type.

export interface Fact {
  /** As the public report has it. */
  fact: string;
  /** What one sentence of our report must hold, in this order. */
  says: readonly string[];
  /** The type of the event that says so. */
  event: string;
}

const CONFERENCE = '2024 WCO Europe Region Heads of Customs Conference';
const BORMER = 'Øystein Børmer';
const SAUNDERS = 'Ian Saunders';

export const FACTS: readonly Fact[] = [
  {
    fact: 'the conference by its name',
    says: [CONFERENCE, 'a meeting of', 'WCO Europe Region Heads of Customs Conference'],
    event: 'meeting-scheduled',
  },
  { fact: 'it took place on 29 April 2024', says: ['dated 29 April 2024'], event: 'meeting-scheduled' },
  { fact: 'in Brussels, at the WCO headquarters', says: ['at WCO headquarters, Brussels'], event: 'meeting-scheduled' },
  { fact: 'in a hybrid format', says: ['format hybrid'], event: 'meeting-scheduled' },
  { fact: 'organized by the Norwegian Customs', says: ['hosted by Norwegian Customs'], event: 'meeting-scheduled' },
  { fact: 'it took place: it opened', says: ['opened on 29 April 2024'], event: 'meeting-opened' },
  { fact: 'it took place: it concluded', says: ['meeting concluded on 29 April 2024'], event: 'meeting-concluded' },
  {
    fact: '49 of the 52 Member States of the region',
    says: ['49 of 52', 'Member States of the WCO European region', 'were present'],
    event: 'attendance-stated',
  },
  { fact: 'the EU was there', says: ['European Union', 'attended as an observer'], event: 'attendance-recorded' },
  {
    fact: 'the ROCB was there',
    says: ['WCO European Regional Office for Capacity Building', 'attended as an observer'],
    event: 'attendance-recorded',
  },
  {
    fact: 'the RILOs were there',
    says: ['Regional Intelligence Liaison Offices', 'attended as an observer'],
    event: 'attendance-recorded',
  },
  {
    fact: 'the ROCB is the European Regional Office for Capacity Building',
    says: ['WCO European Regional Office for Capacity Building', '(ROCB)'],
    event: 'organisation-registered',
  },
  {
    fact: 'the RILOs are the Regional Intelligence Liaison Offices',
    says: ['Regional Intelligence Liaison Offices', '(RILOs)'],
    event: 'organisation-registered',
  },
  { fact: 'the EU', says: ['European Union', '(EU)'], event: 'organisation-registered' },
  { fact: 'the WCO', says: ['World Customs Organization', '(WCO)', 'international organisation'], event: 'organisation-registered' },
  { fact: 'Norwegian Customs', says: ['Norwegian Customs', 'administration'], event: 'organisation-registered' },
  {
    fact: 'Børmer is Director General of Norwegian Customs',
    says: [BORMER, 'Director General of Norwegian Customs', 'of Norwegian Customs'],
    event: 'person-registered',
  },
  {
    fact: 'Saunders is WCO Secretary General',
    says: [SAUNDERS, 'WCO Secretary General', 'of World Customs Organization'],
    event: 'person-registered',
  },
  { fact: 'there is a Vice-Chair for the region', says: ['Office', 'Vice-Chair for the Europe region'], event: 'office-established' },
  { fact: 'there is a Secretary General', says: ['Office', 'Secretary General'], event: 'office-established' },
  {
    fact: 'Børmer welcomed, as Director General and Vice-Chair',
    says: ['welcoming remarks', BORMER, 'Vice-Chair for the region'],
    event: 'remark-made',
  },
  {
    fact: 'Customs facilitates trade, ensures security, fosters growth',
    says: [BORMER, 'facilitating legitimate trade', 'ensuring security', 'fostering economic growth'],
    event: 'remark-made',
  },
  {
    fact: 'geopolitical changes since the last conference in 2019, and the pandemic',
    says: [BORMER, '2019', 'geopolitical', 'pandemic'],
    event: 'remark-made',
  },
  {
    fact: 'Saunders on the role of the Secretary General and its principles',
    says: [SAUNDERS, 'role of the Secretary General', 'full commitment and shared responsibility'],
    event: 'remark-made',
  },
  {
    fact: 'contributions of Members, and active participation',
    says: [SAUNDERS, 'contributions of the Members', 'robust Organization', 'innovative ideas', 'concrete Customs practices'],
    event: 'remark-made',
  },
  { fact: 'Saunders presented the modernization plan', says: [SAUNDERS, 'presented', 'modernization plan'], event: 'plan-presented' },
  { fact: 'it includes organizational restructuring', says: ['Organizational restructuring'], event: 'plan-presented' },
  { fact: 'it includes a new selection process for directors', says: ['new selection process for directors'], event: 'plan-presented' },
  {
    fact: 'it aims at operational sustainability and responsiveness',
    says: ['operational sustainability and responsiveness'],
    event: 'plan-presented',
  },
  { fact: 'the modernization plan is a plan', says: ['WCO modernization plan', 'plan'], event: 'document-registered' },
  { fact: 'delegates expressed broad support', says: ['Delegates', 'support', 'Broad support for the proposals'], event: 'view-expressed' },
  {
    fact: 'delegates called for clearer prioritizations',
    says: ['Delegates called for', 'Clearer prioritizations'],
    event: 'view-expressed',
  },
  {
    fact: 'a panel on strengthening regional cooperation',
    says: ['panel discussion', 'Strengthening regional cooperation'],
    event: 'panel-held',
  },
  {
    fact: 'benefits: links, expertise, capacity',
    says: ['panel emphasized', 'bilateral links', 'emerging topics', 'build capacity'],
    event: 'panel-held',
  },
  { fact: 'improved dialogue with other sub-regions', says: ['panel emphasized', 'dialogue with other sub-regions'], event: 'panel-held' },
  { fact: "closer integration of the ROCB's expertise", says: ['panel emphasized', 'ROCB', 'capacity building plan'], event: 'panel-held' },
  {
    fact: 'the RILOs presented their activities',
    says: ['Regional Intelligence Liaison Offices', 'presented', 'Activities'],
    event: 'presentation-made',
  },
  { fact: 'data collection', says: ['Data collection'], event: 'presentation-made' },
  { fact: 'information exchange', says: ['Information exchange'], event: 'presentation-made' },
  { fact: 'capacity building', says: ['Presented', 'Capacity building'], event: 'presentation-made' },
  {
    fact: 'the ROCB outlined its strategic framework and goals',
    says: ['WCO European Regional Office for Capacity Building', 'presented', 'Strategic framework and goals'],
    event: 'presentation-made',
  },
  {
    fact: 'the ROCB needs increased regional involvement',
    says: ['Asked for', 'Increased regional involvement'],
    event: 'presentation-made',
  },
  { fact: 'the ROCB needs funding', says: ['Asked for', 'Funding to support its initiatives'], event: 'presentation-made' },
  {
    fact: 'the impact of fragile borders on Customs cooperation',
    says: ['impact of fragile borders on Customs cooperation'],
    event: 'discussion-held',
  },
  { fact: 'experiences of adaptive measures were shared', says: ['adaptive measures in response to conflict'], event: 'discussion-held' },
  {
    fact: 'more WCO involvement in border security was proposed, by delegates unnamed',
    says: ['from the floor', 'unnamed', 'Increased WCO involvement in border security and management programmes'],
    event: 'proposal-introduced',
  },
  {
    fact: 'the draft Implementation Plan 2024-2025 was reviewed',
    says: ['Implementation Plan 2024-2025', 'reviewed'],
    event: 'plan-reviewed',
  },
  {
    fact: 'continued work on modernization and cooperation is important',
    says: ['Highlighted', 'modernization and regional cooperation', 'evolving challenges'],
    event: 'plan-reviewed',
  },
  {
    fact: 'it is a draft, and of the Strategic Plan 2022-2025',
    says: ['Implementation Plan 2024-2025', 'Strategic Plan 2022-2025', 'draft'],
    event: 'document-registered',
  },
  { fact: 'the Strategic Plan 2022-2025', says: ['Strategic Plan 2022-2025: plan'], event: 'document-registered' },
  {
    fact: 'the distribution of regional seats was discussed',
    says: ['discussed', 'Regional seats on the WCO governing bodies for 2024-2025'],
    event: 'discussion-held',
  },
  {
    fact: 'the Vice-Chair presented the proposed allocation',
    says: ['allocation', 'Europe', 'Policy Commission', '2024-2025', BORMER, 'Vice-Chair for the region'],
    event: 'seat-allocation-proposed',
  },
  {
    fact: 'the allocation was approved',
    says: ['Decision', 'Allocation of regional seats for 2024-2025', 'approved'],
    event: 'decision-taken',
  },
  { fact: 'with no further comments', says: ['not stated', 'approved with no further comments'], event: 'decision-taken' },
  {
    fact: 'so the seats are approved',
    says: ['seats of Europe', 'Policy Commission', 'are approved', 'Allocation of regional seats'],
    event: 'seat-allocation-approved',
  },
  {
    fact: 'Saunders concluded',
    says: ['concluding remarks', SAUNDERS, 'appreciation for the discussions', 'commitment to the regional work'],
    event: 'remark-made',
  },
  {
    fact: 'Børmer concluded',
    says: ['concluding remarks', BORMER, 'appreciation for the discussions', 'commitment to the regional work'],
    event: 'remark-made',
  },
  {
    fact: 'the importance of the upcoming meetings',
    says: ['concluding remarks', 'upcoming Policy Commission and Council meetings', 'modernization'],
    event: 'remark-made',
  },
  { fact: 'the Policy Commission will meet', says: ['Policy Commission meeting', 'to come'], event: 'meeting-scheduled' },
  { fact: 'the Council will meet', says: ['Council meeting', 'to come'], event: 'meeting-scheduled' },
  {
    fact: 'the report was published on 30 April 2024',
    says: ['2024 WCO Europe Heads of Customs Conference: Driving Modernization and Regional Cooperation', 'report', '30 April 2024'],
    event: 'document-registered',
  },
];
