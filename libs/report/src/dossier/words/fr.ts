import type { DossierWords } from './words.js';

export const fr: DossierWords = {
  lang: 'fr',
  subjects: { decisions: 'Dossier d’une décision', seats: 'Dossier d’un siège', follow_ups: 'Dossier d’une suite à donner', documents: 'Dossier d’un document' },
  links: {
    meeting: 'La réunion', agenda: 'Le point de l’ordre du jour', table: 'Ce qui a été dit à ce sujet', documents: 'Documents examinés', proposal: 'La proposition',
    quorum: 'Présence et quorum, tels que constatés', decision: 'La décision', corrections: 'Corrections depuis lors', replacement: 'Ce qu’elle a remplacé, et ce qui l’a remplacée',
    seats: 'Sièges', 'follow-ups': 'Ce qui est dû, et ce qu’il en est advenu', mentions: 'Qui et quoi ce dossier nomme',
  },
  events: {
    'agenda-adopted': 'Ordre du jour adopté', 'agenda-item-added': 'Point inscrit à l’ordre du jour', 'attendance-corrected': 'Présence corrigée', 'attendance-ended': 'Départ', 'attendance-recorded': 'Présence enregistrée',
    'attendance-stated': 'Nombre de présents indiqué', 'body-established': 'Organe établi', 'body-renamed': 'Organe renommé', 'body-rules-stated': 'Règles de l’organe', 'chair-taken': 'Présidence prise',
    'decision-audience-set': 'Accès à la décision fixé', 'decision-replacement-failed': 'Remplacement resté sans effet', 'decision-rescinded': 'Décision annulée', 'proposal-reopened': 'Proposition à nouveau en suspens', 'quorum-questioned': 'Quorum mis en question', 'decision-superseded': 'Décision remplacée', 'decision-taken': 'Décision prise', 'decision-wording-corrected': 'Texte de la décision corrigé',
    'discussion-held': 'Débat', 'document-corrected': 'Document corrigé', 'document-registered': 'Document enregistré', 'document-reviewed': 'Document examiné', 'document-version-added': 'Nouvelle version du document',
    'follow-up-assigned': 'Suite à donner attribuée', 'follow-up-cancelled': 'Suite à donner abandonnée', 'follow-up-carried-over': 'Suite à donner reportée', 'follow-up-completed': 'Suite donnée', 'follow-up-due-moved': 'Échéance déplacée',
    'follow-up-due-set': 'Échéance fixée', 'follow-up-progressed': 'Suite en cours', 'meeting-cancelled': 'Réunion annulée', 'meeting-concluded': 'Réunion terminée', 'meeting-opened': 'Réunion ouverte', 'meeting-postponed': 'Réunion reportée',
    'meeting-scheduled': 'Réunion prévue', 'office-assumed': 'Fonction assumée', 'office-established': 'Fonction établie', 'organisation-registered': 'Organisation enregistrée', 'organisation-renamed': 'Organisation renommée',
    'panel-held': 'Table ronde', 'part-audience-set': 'Accès fixé', 'person-corrected': 'Personne corrigée', 'person-registered': 'Personne enregistrée', 'plan-presented': 'Plan présenté', 'plan-reviewed': 'Plan examiné',
    'presentation-made': 'Présentation', 'proposal-introduced': 'Proposition présentée', 'proposal-withdrawn': 'Proposition retirée', 'region-defined': 'Région définie', 'remark-corrected': 'Intervention corrigée', 'remark-made': 'Intervention',
    'seat-allocation-approved': 'Attribution de sièges approuvée', 'seat-allocation-proposed': 'Attribution de sièges proposée', 'seat-allocation-returned': 'Attribution de sièges renvoyée', 'seat-holder-named': 'Titulaire désigné',
    'seat-quota-set': 'Nombre de sièges fixé', 'seat-vacated': 'Siège libéré', 'sitting-closed': 'Séance levée', 'sitting-opened': 'Séance ouverte', 'term-defined': 'Mandat défini', 'view-expressed': 'Avis exprimé',
  },
  fields: {
    action: 'action', allocations: 'attribution', article: 'article', as: 'en tant que', askedFor: 'demandé', attendance: 'présence', bodies: 'organe', body: 'organe', by: 'par', capacity: 'qualité', chair: 'présidence', chairing: 'présidence',
    class: 'classe', code: 'code', contested: 'contestée', count: 'nombre', date: 'date', decision: 'décision', discussion: 'débat', document: 'document', documents: 'document', due: 'échéance', electedBy: 'élu par', entitled: 'ayants droit',
    evidence: 'preuve', exceptions: 'exception', format: 'format', from: 'de', fromTheFloor: 'en séance', holding: 'occupation', host: 'hôte', illustrative: 'illustratif', inForceFrom: 'en vigueur depuis', issuer: 'émis par', item: 'point',
    kind: 'genre', late: 'tardif', meeting: 'réunion', method: 'méthode', mode: 'mode', name: 'nom', named: 'nommé', needed: 'requis', nextMeetingOf: 'prochaine réunion de', noElectionBy: 'sans élection selon', nominatedBy: 'désigné par',
    none: 'aucune', note: 'note', number: 'numéro', of: 'de', office: 'fonction', on: 'sur', onBehalfOf: 'au nom de', organisation: 'organisation', originalLanguage: 'langue originale', outcome: 'issue', owner: 'responsable', panel: 'table ronde',
    panellists: 'participant', paragraphs: 'paragraphe', parent: 'relève de :', period: 'période', person: 'personne', points: 'élément', position: 'fonction', present: 'présents', presentation: 'présentation', presentedBy: 'présenté par',
    presenters: 'présenté par', proponents: 'auteur', proposal: 'proposition', purpose: 'objet', quorum: 'quorum', reason: 'motif', region: 'région', regionOf: 'région de', remark: 'intervention', remarks: 'intervention', rescinds: 'annule',
    review: 'examen', rule: 'règle', seat: 'siège', seats: 'siège', session: 'session', shortName: 'nom abrégé', sitting: 'séance', speaker: 'orateur', stance: 'position', starts: 'début', ends: 'fin', status: 'statut', supersedes: 'remplace',
    symbol: 'cote', takesUp: 'reprend', term: 'mandat', text: 'texte', title: 'titre', to: 'à', until: 'jusqu’à', venue: 'lieu', version: 'version', view: 'avis', waitsFor: 'attend', wording: 'texte', words: 'termes', zone: 'fuseau', authority: 'autorité',
  },
  page: {
    asOf: 'D’après le registre tel qu’il était à l’enregistrement', explains: 'Chaque valeur figure dans l’événement de son enregistrement, à l’endroit indiqué à côté.',
    incompleteExplains: 'Incomplet : une partie de ce qui avait été enregistré à ce sujet est perdue, comme le dit « history restored » dans le registre.',
    withheldExplains: 'Quelque chose est nommé ici que vous ne pouvez pas voir ; ce qui est omis relève de :',
    happened: 'survenu', recorded: 'enregistré', by: 'par', record: 'enregistrement',
    event: 'événement', leaf: 'empreinte', what: 'Quoi', value: 'Tel qu’enregistré', place: 'Emplacement', removed: '(supprimé)', illustrative: 'illustratif', yes: 'oui', no: 'non',
  },
};
